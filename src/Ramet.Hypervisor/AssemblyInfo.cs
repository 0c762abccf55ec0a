using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Ramet.Hypervisor.Tests")]
