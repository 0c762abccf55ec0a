using Ramet.Core.Errors;

namespace Ramet.Core.VirtualMachines.Steps;

/// <summary>Errors of steps that work on one VM among many: they name it.</summary>
internal static class VmErrors
{
    public static async Task NamingAsync(VirtualMachine vm, string verb, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (RametException e) when (e.Object != vm.Name)
        {
            throw new RametException(e.Kind, $"'{vm.Name}' could not be {verb}: {e.Message}", e.Remedy, vm.Name, e.Details, e);
        }
    }
}
