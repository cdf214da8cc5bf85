"""Chat-template tokens and template fields that leaked into the text.

`<s>` is also HTML, so it counts only where a template puts it: at the edges of a turn, or next to
another token.
"""

from curate.filters.packs.pack import Pack

_PIPED = (
    "im_start|im_end|im_sep|im_user|im_assistant|im_system|im_middle|endoftext|endofprompt|"
    "begin_of_text|begin_of_sentence|end_of_text|end_of_sentence|start_header_id|end_header_id|"
    "eot_id|eom_id|python_tag|finetune_right_pad_id|reserved_special_token_[0-9]+|"
    "start_of_role|end_of_role|START_OF_TURN_TOKEN|END_OF_TURN_TOKEN|USER_TOKEN|CHATBOT_TOKEN|"
    "SYSTEM_TOKEN|START_RESPONSE|END_RESPONSE|fim_prefix|fim_middle|fim_suffix|fim_pad|repo_name|"
    "file_sep|vision_start|vision_end|image_pad|tool_call_begin|tool_call_end|startoftext|"
    "channel|message|return|call|constrain|start|end|system|user|assistant|observation|"
    "prompter|pad|bos|eos|unk|eot|header_start|header_end"
)

PACK = Pack(
    name="special-tokens",
    version="1",
    about="chat-template tokens, prompt headers and unfilled template fields in a response",
    patterns={
        "piped": rf"<\|/?(?:{_PIPED})\|>|<\|/?(?:user|assistant|system)\|?>",
        "deepseek": r"<[|｜][ \w▁]{0,30}▁[ \w▁]{0,30}[|｜]>|<｜(?:User|Assistant)｜>",
        "llama": r"\[/?INST\]|<<?/?SYS>>?(?=\s|$|<)",
        "gemma": r"<(?:start|end)_of_turn>",
        "mistral": (
            r"\[/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|PREFIX|SUFFIX"
            r"|MIDDLE)\]"
        ),
        "glm": r"\[[gs]MASK\]|<(?:sop|eop)>",
        "sentence": (
            r"\A\s*</?s>|</s>\s*\Z|</s>\s*<s>|<s>\s*(?:\[INST\]|Human:|User:|<\|)|<(?:bos|eos|pad|unk)>"
        ),
        "sentinel": r"<extra_id_[0-9]{1,3}>|<\|?(?:endoftext|endofchunk)\|?>|\[(?:CLS|SEP|PAD|UNK|MASK)\]",
        "prompt-header": r"(?m)^### (?:Instruction|Response|Human|Assistant): ?(?:\S|$)",
        "template-field": r"\{\{ ?[A-Za-z_][\w.]{0,40} ?\}\}",
    },
)
