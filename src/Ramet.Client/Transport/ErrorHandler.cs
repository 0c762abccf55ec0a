using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Ramet.Contracts;

namespace Ramet.Client.Transport;

/// <summary>
/// Signs every request, and makes one <see cref="RametApiException"/> of whatever does not succeed, for plain calls, event
/// streams and the console's handshake alike.
/// </summary>
internal sealed class ErrorHandler(RametEndpoint endpoint, ServerTrust trust, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly ProductInfoHeaderValue Agent =
        new("ramet-client", typeof(ErrorHandler).Assembly.GetName().Version?.ToString(3) ?? "0");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.UserAgent.Add(Agent);
        if (endpoint is { Server: not null, Token: { } token })
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw ConnectionProblem.From(e, endpoint, trust);
        }

        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.SwitchingProtocols)
            return response;
        using (response)
            throw new RametApiException(await ReadProblemAsync(response, cancellationToken));
    }

    private async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                if (JsonSerializer.Deserialize(bytes, RametJson.Default.Problem) is { Title: not null, Kind: not null } problem)
                    return WithWayIn(problem with { Details = problem.Details ?? [] });
            }
            catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
            {
                // Said below in words of our own.
            }
        }

        var (kind, remedy) = status switch
        {
            401 => ("unauthenticated", (string?)null),
            403 => ("permissionDenied", null),
            502 or 503 or 504 => (RametApiException.ServerUnreachable, "try again in a moment"),
            _ => (RametApiException.UnexpectedAnswer, "is it a ramet-server, and of this version? see: ramet version"),
        };
        return WithWayIn(new Problem(
            "about:blank", $"{endpoint.Address} answered {status} {response.ReasonPhrase} to {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}",
            status, kind, endpoint.Address, remedy, []));
    }

    private Problem WithWayIn(Problem problem) => problem is { Kind: "unauthenticated", Remedy: null }
        ? problem with
        {
            Remedy = endpoint.Token is null
                ? "give a token with --token-file or RAMET_TOKEN; an administrator makes one with: ramet token create NAME"
                : "the token is unknown, revoked or expired; an administrator makes another with: ramet token create NAME",
        }
        : problem;
}
