using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ramet.Client.Transport;
using Ramet.Contracts;

namespace Ramet.Client;

/// <summary>
/// The API as methods, one part of the class per noun. Safe for concurrent use. Every method throws
/// <see cref="RametApiException"/> when the call fails, and <see cref="OperationCanceledException"/> when it is cancelled.
/// </summary>
public sealed partial class RametClient : IDisposable
{
    private readonly RametEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly ErrorHandler _handler;
    private readonly HttpClient _http;

    /// <exception cref="RametApiException">The endpoint makes no sense; nothing is connected yet.</exception>
    public RametClient(RametEndpoint endpoint, TimeProvider? time = null)
    {
        endpoint.Validate();
        _endpoint = endpoint;
        _time = time ?? TimeProvider.System;
        var trust = new ServerTrust(endpoint);
        var sockets = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
        if (endpoint.Server is null)
        {
            sockets.UseProxy = false;
            sockets.ConnectCallback = (_, cancellationToken) => ConnectAsync(endpoint.Socket, cancellationToken);
        }
        else
        {
            if (endpoint.Server.IsLoopback)
                sockets.UseProxy = false;
            if (endpoint.Server.Scheme == "https")
                sockets.SslOptions = trust.Options();
        }

        _handler = new ErrorHandler(endpoint, trust, sockets);
        _http = new HttpClient(_handler)
        {
            BaseAddress = endpoint.Server ?? new Uri("http://localhost"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        UnixDomainSocketEndPoint address;
        try
        {
            address = new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw RametApiException.Local("invalidArgument", $"{path} is too long for a socket's path", path, "a socket's path has at most 107 bytes", e);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Task<T> GetAsync<T>(string path, Func<RametJson, JsonTypeInfo<T>> answer, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, answer, cancellationToken);

    private Task<T> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, Func<RametJson, JsonTypeInfo<T>> answer, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body, bodyType), answer, cancellationToken);

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? body, Func<RametJson, JsonTypeInfo<T>> answer, CancellationToken cancellationToken)
    {
        // Building a document's metadata takes as long as a call does: do both at once.
        var type = Task.Run(() => answer(RametJson.Default), CancellationToken.None);
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, await type, cancellationToken)
                ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw RametApiException.Local(RametApiException.UnexpectedAnswer,
                $"{_endpoint.Address} answered to {method} {path} with something that is no {typeof(T).Name}", _endpoint.Address,
                "client and server may be of different versions; see: ramet version", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ConnectionProblem.Broken(e, _endpoint);
        }
    }

    /// <summary>Puts a name into a route; refuses what would become another address.</summary>
    private static string Fill(string route, string placeholder, string value) => value is "" or "." or ".."
        ? throw RametApiException.Local("invalidArgument", $"\"{value}\" is not a name", value)
        : route.Replace(placeholder, Uri.EscapeDataString(value), StringComparison.Ordinal);

    private static string Query(string route, params IEnumerable<(string Name, string? Value)> fields)
    {
        var query = string.Join('&', fields.Where(f => f.Value is not null).Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value!)}"));
        return query.Length == 0 ? route : route + "?" + query;
    }
}
