using System.Runtime.InteropServices;

namespace Ramet.Libvirt.Native;

/// <summary>C strings that libvirt hands out: borrowed ones are copied, owned ones copied and freed (malloc's, as libvirt documents).</summary>
internal static unsafe class NativeText
{
    public static string Borrow(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    public static string? BorrowOrNull(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    public static string Take(byte* text)
    {
        try
        {
            return Borrow(text);
        }
        finally
        {
            NativeMemory.Free(text);
        }
    }
}
