using System.Text;
using Ramet.Core.VirtualMachines;

namespace Ramet.Core.Identity;

/// <summary>
/// The files of a NoCloud seed (cloud-init's "NoCloud" data source: meta-data, user-data). A new instance-id makes cloud-init
/// treat the boot as the first one: it sets the hostname and makes new SSH host keys. It leaves /etc/machine-id alone, so a
/// boothook, which runs early in every boot, sets it to the VM's own.
/// </summary>
public static class CloudInitSeed
{
    private const string Boundary = "==RAMET-SEED==";

    /// <summary>File names to contents.</summary>
    public static IReadOnlyDictionary<string, string> FilesOf(VirtualMachine vm) => new Dictionary<string, string>
    {
        ["meta-data"] = MetaData(vm),
        ["user-data"] = UserData(vm),
    };

    private static string MetaData(VirtualMachine vm) =>
        $"instance-id: {vm.InstanceId}\nlocal-hostname: {vm.Hostname}\n";

    private static string UserData(VirtualMachine vm)
    {
        var text = new StringBuilder($"Content-Type: multipart/mixed; boundary=\"{Boundary}\"\nMIME-Version: 1.0\n\n");
        if (vm.MachineId is not null)
            Part(text, "text/cloud-boothook", "ramet-machine-id.sh", MachineIdHook(vm.MachineId));
        Part(text, "text/cloud-config", "ramet.cfg", CloudConfig(vm));
        if (vm.UserData is not null)
            Part(text, TypeOf(vm.UserData), "user-data", vm.UserData);
        return text.Append($"--{Boundary}--\n").ToString();
    }

    private static void Part(StringBuilder text, string type, string name, string content)
    {
        // base64, because a user's own text may hold any byte, this boundary included.
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(content), Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n");
        text.Append($"--{Boundary}\nContent-Type: {type}; charset=\"utf-8\"\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"{name}\"\n\n{encoded}\n");
    }

    private static string MachineIdHook(string machineId) =>
        $"""
        #!/bin/sh
        # This machine's own machine-id, before anything else uses the one it inherited from the disk it was cloned from.
        id={machineId}
        old=$(cat /etc/machine-id 2> /dev/null)
        [ "$old" = "$id" ] && exit 0
        umount /etc/machine-id 2> /dev/null
        printf '%s\n' "$id" > /etc/machine-id.new && chmod 0444 /etc/machine-id.new && mv -f /etc/machine-id.new /etc/machine-id || exit 1
        if [ -f /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ]; then cp -f /etc/machine-id /var/lib/dbus/machine-id; fi
        [ -d /run/systemd/system ] || exit 0
        # journald goes on with this boot's messages under the new name; networkd asks again, where its DHCP identity follows the id.
        if [ -n "$old" ] && [ -d "/run/log/journal/$old" ]; then mv "/run/log/journal/$old" "/run/log/journal/$id"; fi
        systemctl --no-block try-restart systemd-journald.service systemd-networkd.service
        exit 0

        """;

    private static string CloudConfig(VirtualMachine vm)
    {
        var text = new StringBuilder("#cloud-config\npreserve_hostname: false\nssh_deletekeys: true\n");
        if (vm.SshKeys is not null)
        {
            text.Append("ssh_authorized_keys:\n");
            foreach (var key in vm.SshKeys.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                text.Append("  - ").Append(Quote(key)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A YAML single-quoted scalar.</summary>
    private static string Quote(string value) => "'" + value.Replace("'", "''") + "'";

    /// <summary>The type by the first line, as cloud-init's handlers tell them apart.</summary>
    private static string TypeOf(string userData) => userData switch
    {
        _ when userData.StartsWith("#cloud-config", StringComparison.Ordinal) => "text/cloud-config",
        _ when userData.StartsWith("#cloud-boothook", StringComparison.Ordinal) => "text/cloud-boothook",
        _ when userData.StartsWith("#include", StringComparison.Ordinal) => "text/x-include-url",
        _ when userData.StartsWith("#!", StringComparison.Ordinal) => "text/x-shellscript",
        _ when userData.StartsWith("## template: jinja", StringComparison.Ordinal) => "text/jinja2",
        _ => "text/plain",
    };
}
