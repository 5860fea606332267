import type { SideRequestKind } from '../side-requests/side-request-rules.ts';

interface Sent {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A side request as a client sends it, its prompt cut to what is needed to see which one it is. */
export interface ClientSideRequest {
  readonly client: string;
  readonly kind: SideRequestKind;
  readonly messages: readonly Sent[];
}

const user = (content: string): Sent => ({ role: 'user', content });
const system = (content: string): Sent => ({ role: 'system', content });
const assistant = (content: string): Sent => ({ role: 'assistant', content });

const said = 'USER: Draw the harbour of Oslo\nASSISTANT: I made harbour.svg.';
const history = `### Chat History:\n<chat_history>\n${said}\n</chat_history>`;

/** One prompt of Open WebUI: the task, guidelines, the form of the answer, and what was said. */
function openWebui(kind: SideRequestKind, task: string, output: string): ClientSideRequest {
  const content = `### Task:\n${task}\n\n### Guidelines:\n- Prioritize accuracy over specificity\n\n### Output:\n${output}\n\n${history}`;
  return { client: 'Open WebUI', kind, messages: [user(content)] };
}

export const openWebuiTitle = openWebui(
  'title',
  'Generate a concise, 3-5 word title with an emoji summarizing the chat history.',
  'JSON format: { "title": "your concise title here" }',
);

export const openWebuiTags = openWebui(
  'tags',
  'Generate 1-3 broad tags categorizing the main themes of the chat history, along with 1-3 more specific subtopic tags.',
  'JSON format: { "tags": ["tag1", "tag2", "tag3"] }',
);

export const openWebuiFollowUps = openWebui(
  'follow-ups',
  'Suggest 3-5 relevant follow-up questions or prompts that the user might naturally ask next in this conversation as a **user**, based on the chat history, to help continue or deepen the discussion.',
  'JSON format: { "follow_ups": ["Question 1?", "Question 2?", "Question 3?"] }',
);

export const clientSideRequests: readonly ClientSideRequest[] = [
  openWebuiTitle,
  openWebuiTags,
  openWebuiFollowUps,
  openWebui(
    'query',
    'Analyze the chat history to determine the necessity of generating search queries, in the given language.',
    'Strictly return in JSON format: \n{\n  "queries": ["query1", "query2"]\n}',
  ),
  openWebui(
    'image-prompt',
    'Generate a detailed prompt for am image generation task based on the given language and context.',
    'Strictly return in JSON format:\n{\n    "prompt": "Your detailed description here."\n}',
  ),
  {
    client: 'Open WebUI',
    kind: 'autocomplete',
    messages: [
      user(
        '### Task:\nYou are an autocompletion system. Continue the text in `<text>` based on the **completion type** in `<type>` and the given language.  \n\n' +
          `---\n### Context:\n<chat_history>\n${said}\n</chat_history>\n<type>General</type>  \n<text>And now the</text>  \n#### Output:\n`,
      ),
    ],
  },
  {
    client: 'Open WebUI',
    kind: 'emoji',
    messages: [
      user(
        "Your task is to reflect the speaker's likely facial expression through a fitting emoji. Interpret emotions from the message and reflect their facial expression using fitting, diverse emojis.\n\nMessage: ```What a day```",
      ),
    ],
  },
  {
    client: 'LibreChat (structured)',
    kind: 'title',
    messages: [
      user(
        'Analyze this conversation and provide:\n1. The detected language of the conversation\n2. A concise title in the detected language (5 words or less, no punctuation or quotation)\n\nUser: Hi\nAI: Hello',
      ),
    ],
  },
  {
    client: 'LibreChat (completion)',
    kind: 'title',
    messages: [
      user(
        'Provide a concise, 5-word-or-less title for the conversation, using title case conventions. Only return the title itself.\n\nConversation:\nUser: Hi\nAI: Hello',
      ),
    ],
  },
  {
    client: 'LobeChat',
    kind: 'title',
    messages: [
      system(
        'You are a professional conversation summarizer. Generate a concise title that captures the essence of the conversation.\n\nRules:\n- Output ONLY the title text, no explanations or additional context\n- Maximum 10 words\n- No punctuation marks\n- Use the language specified by the locale code: en-US',
      ),
      user('user: Hi\nassistant: Hello'),
    ],
  },
  {
    client: 'LobeChat',
    kind: 'follow-ups',
    messages: [
      system(
        'You are a sidecar that extracts 0-4 quick-reply suggestions from the last assistant message. Each suggestion is a short candidate user reply.',
      ),
      user('Last assistant message:\n"""\nShall I go on?\n"""'),
    ],
  },
  {
    client: 'LobeChat',
    kind: 'emoji',
    messages: [
      system(
        'You are an emoji expert who selects the most appropriate emoji to represent concepts, emotions, or topics.\n\nRules:\n- Output ONLY a single emoji (1-2 characters maximum)',
      ),
      user('I just got a promotion at work'),
      assistant('🎉'),
      user('Help with harbours'),
    ],
  },
  {
    client: 'Cherry Studio',
    kind: 'title',
    messages: [
      system(
        "You are an assistant skilled in conversation. You need to summarize the user's conversation into a title within 10 words. The language of the title should be consistent with the user's primary language. Do not use punctuation marks or other special symbols",
      ),
      user('[{"role":"user","mainText":"Hi"}]'),
    ],
  },
  {
    client: 'NextChat',
    kind: 'title',
    messages: [
      user('Hi'),
      assistant('Hello'),
      user(
        'Please generate a four to five word title summarizing our conversation without any lead-in, punctuation, quotation marks, periods, symbols, bold text, or additional text. Remove enclosing quotation marks.',
      ),
    ],
  },
  {
    client: 'Chatbox',
    kind: 'title',
    messages: [
      user(
        "Based on the chat history, give this conversation a name.\nKeep it short - 10 characters max, no quotes.\nUse English.\nJust provide the name, nothing else.\n\nHere's the conversation:\n\n```\nHi\n\n---------\n\nHello\n```\n\nName this conversation in 10 characters or less.\nUse English.\nOnly give the name, nothing else.\n\nThe name is:",
      ),
    ],
  },
  {
    client: 'big-AGI',
    kind: 'title',
    messages: [
      system(
        'You are an AI conversation titles assistant who specializes in creating expressive yet few-words chat titles.',
      ),
      user(
        '\nAnalyze the given short conversation (every line is truncated) and extract a concise chat title that summarizes the conversation in as little as a couple of words.',
      ),
    ],
  },
  {
    client: 'opencode',
    kind: 'title',
    messages: [
      system(
        'You are a title generator. You output ONLY a thread title. Nothing else.\n\n<task>\nGenerate a brief title',
      ),
      user('Generate a title for this conversation:\n'),
      user('"Fix the build"'),
    ],
  },
  {
    client: 'goose',
    kind: 'title',
    messages: [
      system('Reply with only a description in four words or less'),
      user(
        'Here are the first few user messages:\nhello\n\nBased on the conversation so far, provide a concise description of this session in 4 words or less. This will be used for finding the session later in a UI with limited space - reply *ONLY* with the description',
      ),
    ],
  },
  {
    client: 'Zed',
    kind: 'title',
    messages: [
      user('Hi'),
      assistant('Hello'),
      user(
        "Generate a concise 3-7 word title for this conversation, omitting punctuation.\nGo straight to the title, without any preamble and prefix like `Here's a concise suggestion:...` or `Title:`.\nIf the conversation is about a specific subject, include it in the title.\n",
      ),
    ],
  },
  {
    client: 'VS Code',
    kind: 'title',
    messages: [
      system(
        'You are an expert in crafting pithy titles for chatbot conversations. You are presented with a chat request, and you reply with a brief title that captures the main topic of that request.\nThe title should not be wrapped in quotes.',
      ),
      user('Please write a brief title for the following request:\n\nHi'),
    ],
  },
  {
    client: 'Continue',
    kind: 'title',
    messages: [
      user(
        "Given the following... please reply with a title for the chat that is 3-4 words in length, all words used should be directly related to the content of the chat, avoid using verbs unless they are directly related to the content of the chat, no additional text or explanation, you don't need ending punctuation.\n\nHello",
      ),
    ],
  },
  {
    client: 'Continue',
    kind: 'autocomplete',
    messages: [
      user(
        "You are a HOLE FILLER. You are provided with a file containing holes, formatted as '{{HOLE_NAME}}'. Your TASK is to complete with a string to replace this hole with, inside a <COMPLETION/> XML tag, including context-aware indentation, if needed.\n\n<QUERY>\nlet a = {{FILL_HERE}};\n</QUERY>\nTASK: Fill the {{FILL_HERE}} hole.\n<COMPLETION>",
      ),
    ],
  },
  ...[
    '<fim_prefix>let a = <fim_suffix>;\n<fim_middle>',
    '<|fim_prefix|>let a = <|fim_suffix|>;\n<|fim_middle|>',
    '<PRE> let a = <SUF>;\n <MID>',
  ].map(
    (prompt): ClientSideRequest => ({
      client: 'Continue (fill in the middle)',
      kind: 'autocomplete',
      messages: [user(prompt)],
    }),
  ),
];
