namespace Ramet.Cli.Completion;

/// <summary>The scripts that hook the CLI's completion into a shell.</summary>
internal static class ShellScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };

    // Readline breaks words at COMP_WORDBREAKS (the @ of debian12@v1 is one) and replaces only the last piece, so that the
    // pieces before it have to be taken off every candidate.
    private const string Bash = """
        # bash completion for ramet:  source <(ramet completion bash)
        _ramet() {
            local line=${COMP_LINE:0:COMP_POINT}
            local word=${line##*[[:space:]]}
            local head=${word%"${word##*["$COMP_WORDBREAKS"]}"}
            local candidate
            COMPREPLY=()
            while IFS= read -r candidate; do
                candidate=${candidate%%$'\t'*}
                COMPREPLY+=("${candidate#"$head"}")
            done < <("${COMP_WORDS[0]}" __complete "$line" 2>/dev/null)
        }
        complete -o default -F _ramet ramet

        """;

    private const string Zsh = """
        #compdef ramet
        # zsh completion for ramet:  source <(ramet completion zsh)
        _ramet() {
            local -a words_found described
            local line label
            for line in "${(@f)$("${words[1]}" __complete "$LBUFFER" 2>/dev/null)}"; do
                [[ -z $line ]] && continue
                label=${line%%$'\t'*}
                words_found+=("$label")
                if [[ $line == *$'\t'* ]]; then described+=("$label  -- ${line#*$'\t'}"); else described+=("$label"); fi
            done
            if (( ${#words_found} )); then
                compadd -l -d described -a words_found
            else
                _files
            fi
        }
        if [[ ${funcstack[1]} == _ramet ]]; then _ramet "$@"; else compdef _ramet ramet; fi

        """;

    private const string Fish = """
        # fish completion for ramet:  ramet completion fish | source
        function __ramet_complete
            set -l words (commandline -opc)
            set -l candidates ($words[1] __complete (commandline -cp | string collect) 2>/dev/null)
            if test (count $candidates) -gt 0
                printf '%s\n' $candidates
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c ramet -f -a '(__ramet_complete)'

        """;
}
