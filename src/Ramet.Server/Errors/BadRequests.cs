using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ramet.Server.Errors;

/// <summary>
/// Says of a request that could not be bound what is wrong with it. The framework's own sentences name .NET types, which mean
/// nothing to a caller; where one of them is not known here it is passed on as it is.
/// </summary>
internal static partial class BadRequests
{
    public static string Explain(JsonException json)
    {
        var text = json.Message;
        if (Missing().Match(text) is { Success: true } missing)
            return "missing: " + missing.Groups[1].Value.TrimEnd('.').Replace('\'', '"');
        if (Unknown().Match(text) is { Success: true } unknown)
            return $"'{unknown.Groups[1].Value}' is not a field of it";
        if (Null().Match(text) is { Success: true } isNull)
            return $"\"{JsonNamingPolicy.CamelCase.ConvertName(isNull.Groups[1].Value)}\" cannot be null";
        var path = json.Path is { Length: > 1 } where ? where : "the document";
        return text.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)
            ? $"{path} is of the wrong type"
            : $"{path}: {Sentence(text)}";
    }

    public static string Explain(BadHttpRequestException bad)
    {
        var text = bad.Message;
        if (text.Contains("no body was provided", StringComparison.Ordinal))
            return "the request has no JSON document";
        if (Unbound().Match(text) is { Success: true } unbound)
            return $"'{unbound.Groups[2].Value}' cannot be the {unbound.Groups[1].Value}";
        if (Required().Match(text) is { Success: true } required)
            return $"the request does not say the {required.Groups[1].Value}";
        return Sentence(text);
    }

    private static string Sentence(string text)
    {
        var end = text.IndexOf(" Path: ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.', ' ');
    }

    [GeneratedRegex("missing required properties[^:]*: (.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex("^The JSON property '(.*?)' could not be mapped", RegexOptions.CultureInvariant)]
    private static partial Regex Unknown();

    [GeneratedRegex("(?:parameter|property or field) '(.*?)' .*doesn't allow (?:null values|getting null values|setting null values)", RegexOptions.CultureInvariant)]
    private static partial Regex Null();

    [GeneratedRegex("^Failed to bind parameter \"(?:.* )?(.+?)\" from \"(.*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Unbound();

    [GeneratedRegex("^Required parameter \"(?:.* )?(.+?)\" was not provided", RegexOptions.CultureInvariant)]
    private static partial Regex Required();
}
