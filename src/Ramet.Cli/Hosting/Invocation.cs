using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ramet.Cli.Views;
using Ramet.Client;
using Ramet.Contracts;

namespace Ramet.Cli.Hosting;

/// <summary>One run of one command: its flags, the server, and where and how to print.</summary>
internal sealed class Invocation(CliApplication application, ParseResult parsed) : IDisposable
{
    private RametClient? _client;

    public CliHost Host => application.Host;

    public ParseResult Parsed => parsed;

    public TextWriter Out => Host.Out;

    public bool Json { get; } = parsed.GetValue(application.Globals.Json);

    public bool Quiet { get; } = parsed.GetValue(application.Globals.Quiet);

    public bool NoWait { get; } = parsed.GetValue(application.Globals.NoWait);

    public Screen Screen { get; } = Screen.Of(application.Host.Out, application.Host.OutIsTerminal, parsed.GetValue(application.Globals.NoColor), application.Host);

    public Screen ErrorScreen { get; } = Screen.Of(application.Host.Error, application.Host.ErrorIsTerminal, parsed.GetValue(application.Globals.NoColor), application.Host);

    /// <summary>The server; connected at the first call.</summary>
    public RametClient Client => _client ??= new RametClient(Endpoint, Host.Time);

    public RametEndpoint Endpoint => application.Globals.Endpoint(parsed, Host);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>With --json the document and nothing else, otherwise what <paramref name="print"/> makes of it.</summary>
    public int Show<T>(T document, JsonTypeInfo<T> type, Action<T> print)
    {
        if (Json)
            WriteJson(Out, document, type, indented: true);
        else
            print(document);
        return ExitCodes.Success;
    }

    public static void WriteJson<T>(TextWriter to, T document, JsonTypeInfo<T> type, bool indented)
    {
        using var bytes = new MemoryStream();
        // Readable for people as well: only what would end a string or drive a terminal is escaped.
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JsonSerializer.Serialize(json, document, type);
        to.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
        to.Flush();
    }

    /// <summary>Prints a problem the way the user asked for, and returns its exit code.</summary>
    public int Fail(Problem problem)
    {
        Out.Flush();
        if (Json)
            WriteJson(Host.Error, problem, RametJson.Default.Problem, indented: true);
        else
            ProblemView.Write(ErrorScreen, problem);
        return ExitCodes.Of(problem.Kind);
    }

    public void Dispose()
    {
        try
        {
            Out.Flush();
        }
        catch (IOException e) when (CliApplication.IsBrokenPipe(e))
        {
            // The reader has gone; there is nobody to tell.
        }

        _client?.Dispose();
    }
}
