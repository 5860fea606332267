/** What a side request wants. */
export const sideRequestKinds = [
  'title',
  'tags',
  'follow-ups',
  'query',
  'image-prompt',
  'emoji',
  'autocomplete',
] as const;

export type SideRequestKind = (typeof sideRequestKinds)[number];

/** How a text has to look; what is absent may be anything. */
export interface TextMarks {
  /** The first characters, whatever their case; any white space counts as one space. */
  readonly opens?: string;
  /** To the letter, anywhere. */
  readonly has?: readonly string[];
  /** The last characters but for white space. */
  readonly ends?: string;
}

/** One prompt of one client. All of its marks have to be there. */
export interface SideRequestRule {
  /** Who is known to send it. */
  readonly client: string;
  readonly kind: SideRequestKind;
  readonly system?: TextMarks;
  /** Of what is asked: the user messages after the last answer. */
  readonly question?: TextMarks;
  /** The client sends the conversation itself before it. Absent: the request has no answers in it. */
  readonly afterConversation?: true;
}

/** Open WebUI's prompts all end with what was said. */
const chatHistory = '</chat_history>';

const openWebui: readonly SideRequestRule[] = [
  {
    client: 'Open WebUI',
    kind: 'title',
    question: {
      opens: '### Task: Generate a concise, 3-5 word title',
      has: ['"title"', '<chat_history>'],
      ends: chatHistory,
    },
  },
  {
    client: 'Open WebUI',
    kind: 'tags',
    question: {
      opens: '### Task: Generate 1-3 broad tags categorizing the main themes of the chat history',
      has: ['"tags"', '<chat_history>'],
      ends: chatHistory,
    },
  },
  {
    client: 'Open WebUI',
    kind: 'follow-ups',
    question: {
      opens:
        '### Task: Suggest 3-5 relevant follow-up questions or prompts that the user might naturally ask',
      has: ['"follow_ups"', '<chat_history>'],
      ends: chatHistory,
    },
  },
  {
    client: 'Open WebUI',
    kind: 'query',
    question: {
      opens: '### Task: Analyze the chat history to determine the necessity of generating search queries',
      has: ['"queries"', '<chat_history>'],
      ends: chatHistory,
    },
  },
  {
    client: 'Open WebUI',
    kind: 'image-prompt',
    question: {
      opens: '### Task: Generate a detailed prompt for a',
      has: ['image generation task', '"prompt"', '<chat_history>'],
      ends: chatHistory,
    },
  },
  {
    client: 'Open WebUI',
    kind: 'autocomplete',
    question: {
      opens: '### Task: You are an autocompletion system. Continue the text in `<text>`',
      has: ['<chat_history>', '<type>', '</text>'],
      ends: '#### Output:',
    },
  },
  {
    client: 'Open WebUI',
    kind: 'emoji',
    question: {
      opens: "Your task is to reflect the speaker's likely facial expression through a fitting emoji.",
      has: ['Interpret emotions from the message', 'Message: '],
    },
  },
];

const chatUis: readonly SideRequestRule[] = [
  {
    client: 'LibreChat',
    kind: 'title',
    question: {
      opens:
        'Analyze this conversation and provide: 1. The detected language of the conversation 2. A concise title',
      has: ['(5 words or less, no punctuation or quotation)'],
    },
  },
  {
    client: 'LibreChat',
    kind: 'title',
    question: {
      opens:
        'Provide a concise, 5-word-or-less title for the conversation, using title case conventions. Only return the title itself.',
      has: ['\nConversation:'],
    },
  },
  {
    client: 'LobeChat',
    kind: 'title',
    system: {
      opens:
        'You are a professional conversation summarizer. Generate a concise title that captures the essence of the conversation.',
      has: ['No punctuation marks', 'Use the language specified by the locale'],
    },
  },
  {
    client: 'LobeChat',
    kind: 'follow-ups',
    system: { opens: 'You are a sidecar that extracts 0-4 quick-reply suggestions from the last assistant' },
    question: { opens: 'Last assistant message:' },
  },
  {
    client: 'LobeChat',
    kind: 'emoji',
    system: {
      opens:
        'You are an emoji expert who selects the most appropriate emoji to represent concepts, emotions, or topics.',
      has: ['Output ONLY a single emoji'],
    },
    afterConversation: true,
  },
  {
    client: 'Cherry Studio',
    kind: 'title',
    system: {
      opens:
        "You are an assistant skilled in conversation. You need to summarize the user's conversation into a title within 10 words.",
      has: ['Do not use punctuation marks or other special symbols'],
    },
  },
  {
    client: 'NextChat',
    kind: 'title',
    question: {
      opens: 'Please generate a four to five word title summarizing our conversation without any lead-in',
      has: ['Remove enclosing quotation marks.'],
    },
    afterConversation: true,
  },
  {
    client: 'Chatbox',
    kind: 'title',
    question: {
      opens: 'Based on the chat history, give this conversation a',
      has: ['Keep it short', 'nothing else.', 'Name this conversation in'],
    },
  },
  {
    client: 'big-AGI',
    kind: 'title',
    system: {
      opens:
        'You are an AI conversation titles assistant who specializes in creating expressive yet few-words chat titles.',
    },
    question: { opens: 'Analyze the given short conversation (every line is truncated)' },
  },
];

const editors: readonly SideRequestRule[] = [
  {
    client: 'opencode',
    kind: 'title',
    system: { opens: 'You are a title generator. You output ONLY a thread title.' },
    question: { opens: 'Generate a title for this conversation:' },
  },
  {
    client: 'goose',
    kind: 'title',
    system: { opens: 'Reply with only a description in four words or less' },
    question: { has: ['provide a concise description of this session in 4 words or less.'] },
  },
  {
    client: 'Zed',
    kind: 'title',
    question: {
      opens: 'Generate a concise 3-7 word title for this conversation, omitting punctuation.',
      has: ['without any preamble and prefix like'],
    },
    afterConversation: true,
  },
  {
    client: 'VS Code, CodeCompanion',
    kind: 'title',
    system: { opens: 'You are an expert in crafting', has: ['titles for chatbot conversation'] },
    question: { opens: 'Please write a brief title for the following' },
  },
  {
    client: 'Continue',
    kind: 'title',
    question: {
      opens: 'Given the following... please reply with a title for the chat that is 3-4 words in length',
      has: ['no additional text or explanation'],
    },
  },
  {
    client: 'Continue',
    kind: 'autocomplete',
    question: {
      opens: 'You are a HOLE FILLER. You are provided with a file containing holes',
      has: ['<COMPLETION/>', '{{FILL_HERE}}'],
      ends: '<COMPLETION>',
    },
  },
];

/** Fill-in-the-middle prompts, by the marks of the models that brought them up. */
const fillIns: readonly SideRequestRule[] = [
  {
    client: 'Continue, Zed',
    kind: 'autocomplete',
    question: { opens: '<fim_prefix>', has: ['<fim_suffix>'], ends: '<fim_middle>' },
  },
  {
    client: 'Continue, Zed',
    kind: 'autocomplete',
    question: { opens: '<|fim_prefix|>', has: ['<|fim_suffix|>'], ends: '<|fim_middle|>' },
  },
  {
    client: 'Continue, Zed',
    kind: 'autocomplete',
    question: { opens: '<PRE>', has: ['<SUF>'], ends: '<MID>' },
  },
];

/** Prompts as their clients send them; each has to show several marks at once, so that no person's own words fit. */
export const sideRequestRules: readonly SideRequestRule[] = [
  ...openWebui,
  ...chatUis,
  ...editors,
  ...fillIns,
];
