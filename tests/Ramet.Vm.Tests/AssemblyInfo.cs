// Emulated guests take a processor each: side by side they only wait for one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
