using System.Net;
using System.Net.Http.Json;
using System.Text;
using Ramet.Contracts;

namespace Ramet.Server.Tests.Harness;

internal static class Answers
{
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer) =>
        (T)(await answer.Content.ReadFromJsonAsync(typeof(T), RametJson.Default))!;

    /// <summary>The document of an answer that is required to be a success.</summary>
    public static async Task<T> ContinueWithJson<T>(this Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.ReadAsync<T>();
    }

    /// <summary>The problem document of an answer that is required to be of a status and a kind.</summary>
    public static async Task<Problem> MustRefuseAsync(this Task<HttpResponseMessage> asked, HttpStatusCode status, string kind)
    {
        using var answer = await asked;
        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var problem = await answer.ReadAsync<Problem>();
        Assert.Equal(((int)status, kind, "urn:ramet:error:" + kind), (problem.Status, problem.Kind, problem.Type));
        Assert.NotEmpty(problem.Title);
        return problem;
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
