using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Ramet.Core.Errors;

namespace Ramet.Core.Import;

/// <summary>Where downloads are kept while they are under way.</summary>
public sealed record DownloadFolder(string Path);

/// <summary>
/// Fetches an image by http(s). What has arrived is kept under a name made from the address, with the server's validator
/// (ETag or Last-Modified) beside it: the next try of the same address goes on where the last one stopped, if the server
/// still has the same file (RFC 9110, If-Range), and begins anew if not.
/// </summary>
public sealed class ImageDownload(HttpClient http, DownloadFolder folder)
{
    /// <returns>Path of the complete file; <see cref="Discard"/> it when it has been used.</returns>
    /// <exception cref="RametException"><see cref="ErrorKind.DownloadFailed"/>, <see cref="ErrorKind.NoSpace"/>.</exception>
    public async Task<string> FetchAsync(Uri address, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.Path);
        var (file, validatorFile) = PathsOf(address);
        try
        {
            var have = File.Exists(file) && File.Exists(validatorFile) ? new FileInfo(file).Length : 0;
            using var response = await AskAsync(address, have, validatorFile, cancellationToken);
            var resumed = response.StatusCode == HttpStatusCode.PartialContent;
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && have > 0 && response.Content.Headers.ContentRange?.Length == have)
                return file;
            if (!response.IsSuccessStatusCode)
            {
                if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                    Discard(address);
                throw new RametException(ErrorKind.DownloadFailed, $"{address} answered {(int)response.StatusCode} {response.ReasonPhrase}", "check the address", address.ToString());
            }

            var total = response.Content.Headers.ContentLength is { } length ? length + (resumed ? have : 0) : 0;
            if (!resumed)
                await KeepValidatorAsync(response, validatorFile, cancellationToken);
            await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
            await using var target = new FileStream(file, resumed ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            await CopyAsync(source, target, resumed ? have : 0, total, progress, cancellationToken);
            await target.FlushAsync(cancellationToken);
            target.Flush(flushToDisk: true);
            if (total > 0 && target.Length < total)
                throw Broken(address, "the connection ended early", null);
            return file;
        }
        catch (HttpRequestException e)
        {
            throw Broken(address, e.Message, e);
        }
        catch (IOException e) when (IsDiskFull(e))
        {
            throw new RametException(ErrorKind.NoSpace, $"no space left for the download in {folder.Path}", "free some space and start it again: it goes on where it stopped", folder.Path, inner: e);
        }
        catch (IOException e)
        {
            throw Broken(address, e.Message, e);
        }
    }

    /// <summary>Forgets what has been fetched from an address.</summary>
    public void Discard(Uri address)
    {
        var (file, validatorFile) = PathsOf(address);
        File.Delete(file);
        File.Delete(validatorFile);
    }

    private async Task<HttpResponseMessage> AskAsync(Uri address, long have, string validatorFile, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            var validator = await File.ReadAllTextAsync(validatorFile, cancellationToken);
            request.Headers.IfRange = validator.StartsWith('"')
                ? new RangeConditionHeaderValue(new EntityTagHeaderValue(validator)) : new RangeConditionHeaderValue(DateTimeOffset.Parse(validator));
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>A weak ETag may not be used for ranges (RFC 9110, 13.1.5); without a validator there is no going on.</summary>
    private static async Task KeepValidatorAsync(HttpResponseMessage response, string validatorFile, CancellationToken cancellationToken)
    {
        var validator = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R");
        if (validator is null)
            File.Delete(validatorFile);
        else
            await File.WriteAllTextAsync(validatorFile, validator, cancellationToken);
    }

    private static async Task CopyAsync(Stream source, Stream target, long done, long total, IProgress<(long, long)>? progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 18];
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            done += read;
            progress?.Report((done, total));
        }
    }

    private (string File, string ValidatorFile) PathsOf(Uri address)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.AbsoluteUri)))[..32];
        return (Path.Combine(folder.Path, name + ".part"), Path.Combine(folder.Path, name + ".validator"));
    }

    private static RametException Broken(Uri address, string why, Exception? inner) =>
        new(ErrorKind.DownloadFailed, $"{address} could not be fetched: {why}", "start it again: it goes on where it stopped", address.ToString(), inner: inner);

    private static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) == 28;
}
