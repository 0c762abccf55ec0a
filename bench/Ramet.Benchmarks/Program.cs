using Ramet.Benchmarks;

// bench/NAME starts what the benchmark needs and calls this with its name.
return args is ["clone", .. var rest] ? await CloneBenchmark.RunAsync(BenchmarkOptions.Parse(rest)) : Usage();

static int Usage()
{
    Console.Error.WriteLine("run one of the executables in bench/ instead");
    return 2;
}
