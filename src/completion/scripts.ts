export type Shell = 'bash' | 'zsh' | 'fish';

const bash = `# kapadmin completion for bash
_kapadmin() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(kapadmin __complete --shell bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _kapadmin kapadmin
`;

const zsh = `#compdef kapadmin
# kapadmin completion for zsh
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
_kapadmin() {
  local -a found
  found=("\${(@f)$(kapadmin __complete --shell zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then
    _describe -V kapadmin found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" = _kapadmin ]]; then
  _kapadmin "$@"
else
  compdef _kapadmin kapadmin
fi
`;

const fish = `# kapadmin completion for fish
function __kapadmin_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (kapadmin __complete --shell fish -- $words[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c kapadmin -e
complete -c kapadmin -f -a '(__kapadmin_complete)'
`;

/** What each shell reads once; it asks kapadmin for the words at each TAB. */
export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

/** The one line that installs it; that of zsh goes below one with compinit. */
export const installLines: Readonly<Record<Shell, string>> = {
  bash: `echo 'source <(kapadmin completion bash)' >> ~/.bashrc`,
  zsh: `echo 'source <(kapadmin completion zsh)' >> ~/.zshrc`,
  fish: 'kapadmin completion fish > ~/.config/fish/completions/kapadmin.fish',
};
