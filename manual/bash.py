"""Completion for bash: the commands, the options of each, and what stands behind them."""

from twisted_chat.client.options import COMMANDS, OPTIONS, PROGRAM, TALK, Takes, options_of

HEAD = """\
# bash completion for twisted-chat, made by python -m manual

_twisted_chat_servers() {
    local file="${XDG_CONFIG_HOME:-$HOME/.config}/twisted-chat/config.toml"
    [[ -r $file ]] && sed -n 's/^\\[servers\\.\\([A-Za-z0-9_-]*\\)\\].*/\\1/p' "$file"
}

_twisted_chat() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command="" one
    COMPREPLY=()
"""

TAIL = """\
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$word"))
    elif [[ -z $command ]]; then
        COMPREPLY=($(compgen -W "$commands $(_twisted_chat_servers)" -- "$word"))
    elif [[ $command == doctor ]]; then
        COMPREPLY=($(compgen -W "$(_twisted_chat_servers)" -- "$word"))
    fi
}

complete -F _twisted_chat twisted-chat
"""

BEHIND = {
    Takes.FILE: 'COMPREPLY=($(compgen -f -- "$word"))',
    Takes.COMMAND: 'COMPREPLY=($(compgen -c -- "$word"))',
    Takes.SERVER: 'COMPREPLY=($(compgen -W "$(_twisted_chat_servers)" -- "$word"))',
    Takes.TEXT: ":",
}


def completion() -> str:
    names = " ".join(command.name for command in COMMANDS)
    lines = [
        f'    local commands="{names}" options="{_flags(TALK.name)}"',
        '    for one in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
        "        case $one in",
        f"            {names.replace(' ', '|')}) command=$one; break ;;",
        "        esac",
        "    done",
        "    case $before in",
        *(f"        {_taking(takes)}) {what}; return ;;" for takes, what in BEHIND.items()),
        "    esac",
        "    case $command in",
        *(f'        {one.name}) options="{_flags(one.name)}" ;;' for one in COMMANDS),
        "    esac",
    ]
    assert PROGRAM in TAIL
    return HEAD + "\n".join(lines) + "\n" + TAIL


def _flags(command: str) -> str:
    return " ".join([*(option.flag for option in options_of(command)), "--help", "--version"])


def _taking(takes: Takes) -> str:
    return "|".join(option.flag for option in OPTIONS if option.takes is takes)
