using Ramet.Core.Errors;
using Ramet.Core.Operations;

namespace Ramet.Server.Mapping;

/// <summary>Words of the API and the enums they stand for.</summary>
internal static class Words
{
    /// <param name="field">What the word was given for.</param>
    /// <exception cref="RametException"><see cref="ErrorKind.InvalidArgument"/> for a word that there is not; it lists those that there are.</exception>
    public static T Parse<T>(string word, string field) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (OperationCopy.Word(value) == word)
                return value;
        }

        throw new RametException(
            ErrorKind.InvalidArgument, $"'{word}' cannot be the {field}", $"it is one of: {string.Join(", ", Enum.GetValues<T>().Select(OperationCopy.Word))}", field);
    }
}
