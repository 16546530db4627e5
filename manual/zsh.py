"""Completion for zsh: the commands, the options of each with their help, and what stands behind."""

from collections.abc import Iterator

from twisted_chat.client.options import COMMANDS, TALK, Argument, Option, Takes, options_of

HEAD = """\
#compdef twisted-chat
# zsh completion for twisted-chat, made by python -m manual

_twisted_chat_servers() {
    local file="${XDG_CONFIG_HOME:-$HOME/.config}/twisted-chat/config.toml"
    local table='s/^\\[servers\\.\\([A-Za-z0-9_-]*\\)\\].*/\\1/p'
    local -a servers
    [[ -r $file ]] && servers=(${(f)"$(sed -n $table $file)"})
    compadd -a servers
}

_twisted_chat_begin() {
    local -a commands
    commands=(
"""

WHAT = {
    Takes.FILE: "_files",
    Takes.COMMAND: "_command_names -e",
    Takes.SERVER: "_twisted_chat_servers",
    Takes.TEXT: " ",
}


def completion() -> str:
    lines = [HEAD.rstrip("\n")]
    lines += [f"        '{one.name}:{_quoted(one.help)}'" for one in COMMANDS]
    lines += [
        "    )",
        "    _describe command commands",
        "    _twisted_chat_servers",
        "}",
        "",
        "_twisted-chat() {",
        "    local one command",
        "    for one in ${words[2,CURRENT-1]}; do",
        "        case $one in",
        f"            {'|'.join(one.name for one in COMMANDS)}) command=$one; break ;;",
        "        esac",
        "    done",
        "    case $command in",
    ]
    for command in COMMANDS:
        lines += [f"        {command.name})", f"            words[(r){command.name}]=()"]
        lines += ["            (( CURRENT -= 1 ))", "            _arguments -s : \\"]
        lines += [*_specs(command.name, command.arguments), "            ;;"]
    lines += ["        *)", "            _arguments -s : \\", *_specs(TALK.name, ())]
    lines[-1] += " \\"
    lines += ["                '1: :_twisted_chat_begin'", "            ;;"]
    lines += ["    esac", "}", "", '_twisted-chat "$@"']
    return "\n".join(lines) + "\n"


def _specs(command: str, arguments: tuple[Argument, ...]) -> list[str]:
    specs = [spec for option in options_of(command) for spec in _option(option)]
    specs += ["'--help[show all of this]'", "'--version[show the version]'"]
    specs += [_argument(argument) for argument in arguments]
    return [f"                {spec} \\" for spec in specs[:-1]] + [f"                {specs[-1]}"]


def _option(option: Option) -> Iterator[str]:
    for flag in (option.flag, option.short):
        if flag:
            help_ = _quoted(option.help)
            behind = "" if option.takes is Takes.NOTHING else f":{option.metavar}:{_what(option)}"
            yield f"'{flag}[{help_}]{behind}'"


def _argument(argument: Argument) -> str:
    name = argument.name if argument.name.isalpha() else "server"
    colons = "*:" if argument.many else ":" if argument.needed else "::"
    return f"'{colons}{name}:{WHAT[argument.takes]}'"


def _what(option: Option) -> str:
    return WHAT[option.takes]


def _quoted(text: str) -> str:
    """Within single quotes, in a description that ends at a bracket, and begins after a colon."""
    quoted = text.replace("'", "'\\''").replace(":", "\\:")
    return quoted.replace("[", "\\[").replace("]", "\\]")
