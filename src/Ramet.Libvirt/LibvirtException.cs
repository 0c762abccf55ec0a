using Ramet.Libvirt.Native;

namespace Ramet.Libvirt;

/// <summary>A libvirt call that failed: kind, the function, the object it was called on, and libvirt's own code, domain and message.</summary>
public sealed class LibvirtException : Exception
{
    internal LibvirtException(LibvirtErrorKind kind, string function, string subject, int code, int domain, string message, Exception? inner = null)
        : base($"{function} on {subject}: {message}", inner)
    {
        Kind = kind;
        Function = function;
        Subject = subject;
        Code = code;
        ErrorDomain = domain;
        Reason = message;
    }

    /// <summary>What callers match.</summary>
    public LibvirtErrorKind Kind { get; }

    /// <summary>The libvirt function that failed, e.g. <c>virDomainCreateWithFlags</c>.</summary>
    public string Function { get; }

    /// <summary>The domain's or network's name, or the connection's URI.</summary>
    public string Subject { get; }

    /// <summary>virErrorNumber (virterror.h); 0 when libvirt recorded nothing.</summary>
    public int Code { get; }

    /// <summary>virErrorDomain (virterror.h): the part of libvirt that reports.</summary>
    public int ErrorDomain { get; }

    /// <summary>libvirt's message alone.</summary>
    public string Reason { get; }

    /// <summary>
    /// Copies the calling thread's last error. It has to be called right after the failed call, with nothing awaited in between:
    /// the error is thread-local and the next libvirt call on this thread resets it.
    /// </summary>
    internal static unsafe LibvirtException Last(string function, string subject)
    {
        var error = VirError.virGetLastError();
        return error is null || error->Code == 0
            ? new LibvirtException(LibvirtErrorKind.Failed, function, subject, 0, 0, "libvirt recorded no error")
            : new LibvirtException(
                LibvirtErrorKinds.From(error->Code, error->Domain), function, subject, error->Code, error->Domain, NativeText.Borrow(error->Message));
    }

    /// <summary>Returns <paramref name="result"/>, or throws the last error when it is negative.</summary>
    internal static int Check(int result, string function, string subject) => result < 0 ? throw Last(function, subject) : result;

    /// <summary>Copies and frees a string that libvirt allocated, or throws the last error when there is none.</summary>
    internal static unsafe string Check(byte* text, string function, string subject) => text is null ? throw Last(function, subject) : NativeText.Take(text);
}
