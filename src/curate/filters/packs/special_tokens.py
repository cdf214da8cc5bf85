"""Chat-template tokens, prompt headers and unfilled template fields that leaked into the text.

`<s>` is also HTML, so it counts only where a template puts it: at the edges of a turn, or next to
another token. A template field is legitimate in code about templates.
"""

from curate.filters.packs.pack import Pack, either, words

_PIPED = words(
    "im_start, im_end, im_sep, im_user, im_assistant, im_system, im_middle, endoftext, "
    "endofprompt, startoftext, begin_of_text, end_of_text, begin_of_sentence, "
    "end_of_sentence, start_header_id, end_header_id, header_start, header_end, eot_id, "
    "eom_id, eot, python_tag, reserved_special_token_[0-9]+, finetune_right_pad_id, "
    "start_of_role, end_of_role, START_OF_TURN_TOKEN, END_OF_TURN_TOKEN, USER_TOKEN, "
    "CHATBOT_TOKEN, SYSTEM_TOKEN, fim_prefix, fim_middle, fim_suffix, fim_pad, repo_name, "
    "file_sep, vision_start, vision_end, image_pad, tool_call_begin, tool_call_end, channel, "
    "message, return, call, constrain, start, end, system, user, assistant, observation, "
    "prompter, pad, bos, eos, unk"
)
_MISTRAL = words(
    "SYSTEM_PROMPT, AVAILABLE_TOOLS, TOOL_CALLS, TOOL_RESULTS, TOOL_CONTENT, PREFIX, SUFFIX, MIDDLE"
)

PACK = Pack(
    name="special-tokens",
    version="1",
    about="chat-template tokens, prompt headers and unfilled template fields in a response",
    patterns={
        "piped": rf"<\|/?{_PIPED}\|>|<\|(?:user|assistant|system)>",
        "deepseek": r"<[|｜][ \w▁]{0,30}▁[ \w▁]{0,30}[|｜]>|<｜(?:User|Assistant)｜>",
        "llama": r"\[/?INST\]|<<?/?SYS>>?(?=\s|$|<)",
        "gemma": r"<(?:start|end)_of_turn>",
        "mistral": rf"\[/?{_MISTRAL}\]",
        "glm": r"\[[gs]MASK\]|<(?:sop|eop)>",
        "sentence": either(
            r"\A\s*<s>(?![^\n]*</s>)",
            r"</s>\s*\Z",
            r"</s>\s*<s>",
            r"<s>\s*(?:\[INST\]|Human:|User:|<\|)",
            r"<(?:bos|eos|pad|unk)>",
        ),
        "sentinel": either(
            r"<extra_id_[0-9]{1,3}>",
            r"<\|?(?:endoftext|endofchunk)\|?>",
            r"\[(?:CLS|SEP|PAD|UNK|MASK)\]",
        ),
        "prompt-header": r"(?m)^### (?:Instruction|Response|Human|Assistant): ?(?:\S|$)",
        "template-field": r"\{\{ ?[A-Za-z_][\w.]{0,40} ?\}\}",
    },
)
