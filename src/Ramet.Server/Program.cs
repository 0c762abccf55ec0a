using Ramet.Core.Errors;
using Ramet.Server.Hosting;
using Ramet.Server.Options;

try
{
    return await ServerCommand.Create(RunAsync).Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (RametException e)
{
    await Console.Error.WriteLineAsync($"ramet-server: {e.Message}{(e.Remedy is null ? "" : $"; {e.Remedy}")}");
    return e.Kind == ErrorKind.InvalidArgument ? 2 : 1;
}

static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellationToken)
{
    await using var server = RametServer.Create(options);
    await server.StartAsync(cancellationToken);
    await server.WaitForShutdownAsync(cancellationToken);
    return 0;
}
