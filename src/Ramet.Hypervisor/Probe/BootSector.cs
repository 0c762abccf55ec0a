namespace Ramet.Hypervisor.Probe;

/// <summary>
/// The smallest guest: a boot sector that says RAMET on the first serial port some four times a second, for ever, and sleeps in between.
/// It repeats itself because whoever listens may come after the first words. The disk is 1 MiB: SeaBIOS boots from no disk of one sector.
/// </summary>
internal static class BootSector
{
    public const string Word = "RAMET";

    /// <summary>A whole raw disk; the sector is loaded at 0000:7C00 in real mode.</summary>
    public static byte[] CreateDisk()
    {
        byte[] code =
        [
            0x31, 0xC0,             // 7C00  xor ax, ax
            0x8E, 0xD8,             // 7C02  mov ds, ax
            0xFC,                   // 7C04  cld
            0xBE, 0x29, 0x7C,       // 7C05  again: mov si, text
            0xAC,                   // 7C08  next: lodsb
            0x84, 0xC0,             // 7C09  test al, al
            0x74, 0x12,             // 7C0B  jz pause
            0x88, 0xC4,             // 7C0D  mov ah, al
            0xBA, 0xFD, 0x03,       // 7C0F  mov dx, 3FDh            ; line status
            0xEC,                   // 7C12  wait: in al, dx
            0xA8, 0x20,             // 7C13  test al, 20h            ; transmitter empty
            0x74, 0xFB,             // 7C15  jz wait
            0x88, 0xE0,             // 7C17  mov al, ah
            0xBA, 0xF8, 0x03,       // 7C19  mov dx, 3F8h            ; data
            0xEE,                   // 7C1C  out dx, al
            0xEB, 0xE9,             // 7C1D  jmp next
            0xB9, 0x04, 0x00,       // 7C1F  pause: mov cx, 4
            0xFB,                   // 7C22  tick: sti
            0xF4,                   // 7C23  hlt                     ; until the timer, 18.2 times a second
            0xE2, 0xFC,             // 7C24  loop tick
            0xEB, 0xDD,             // 7C26  jmp again
            0x90,                   // 7C28  nop
            .. "RAMET\r\n\0"u8,     // 7C29  text
        ];
        var disk = new byte[1 << 20];
        code.CopyTo(disk, 0);
        disk[510] = 0x55;
        disk[511] = 0xAA;
        return disk;
    }
}
