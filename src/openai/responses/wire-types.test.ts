import type { Completion } from 'openai/resources/completions';
import type * as OpenAI from 'openai/resources/responses/responses';
import { expectTypeOf, test } from 'vitest';
import type { TextCompletion } from '../completions/completion-wire.ts';
import type { EchoedCustom, EchoedFunction, EchoedNamespace } from './echo-tools.ts';
import type { CompactedResponse } from './encode-compaction.ts';
import type { AdditionalToolsItem, OutputItem, StoredItem } from './items.ts';
import type { ResponseEvent } from './response-events.ts';
import type { ResponseObject, ResponseUsage } from './response-object.ts';

/** OpenAI's types have mutable lists; ours say that nobody changes them. */
type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

/**
 * Where OpenAI's package differs from OpenAI's server: `output_text` is added by the package, `usage` is null until
 * the end, the list of error codes is not whole. Hosted tools come back as the client sent them.
 */
type Loose = 'output_text' | 'usage' | 'error' | 'tools' | 'tool_choice';
type Body<Event> = Event extends { response: unknown } ? Omit<Event, 'response'> : Event;

test('every item is one of the items of OpenAI', () => {
  expectTypeOf<Mutable<OutputItem>>().toExtend<OpenAI.ResponseOutputItem>();
  // The tools that an item brings are kept as the client sent them.
  type Item = Exclude<StoredItem, AdditionalToolsItem>;
  expectTypeOf<Mutable<Item>>().toExtend<OpenAI.ResponseItem>();
  expectTypeOf<Mutable<Item>>().toExtend<OpenAI.ResponseInputItem>();
  type Head = 'id' | 'type' | 'role';
  expectTypeOf<Pick<AdditionalToolsItem, Head>>().toExtend<Pick<OpenAI.ResponseItem.AdditionalTools, Head>>();
});

test('every event is one of the events of OpenAI', () => {
  expectTypeOf<Body<Mutable<ResponseEvent>>>().toExtend<Body<OpenAI.ResponseStreamEvent>>();
  expectTypeOf<ResponseEvent['type']>().toExtend<OpenAI.ResponseStreamEvent['type']>();
});

test('the response has the form of that of OpenAI', () => {
  expectTypeOf<Mutable<Omit<ResponseObject, Loose>>>().toExtend<Omit<OpenAI.Response, Loose>>();
  expectTypeOf<Mutable<ResponseUsage>>().toExtend<OpenAI.ResponseUsage>();
  expectTypeOf<NonNullable<ResponseObject['error']>>().toExtend<{ code: string; message: string }>();
});

test('tools come back in the form of those of OpenAI', () => {
  expectTypeOf<Mutable<EchoedFunction>>().toExtend<OpenAI.FunctionTool>();
  expectTypeOf<Mutable<EchoedCustom>>().toExtend<OpenAI.CustomTool>();
  expectTypeOf<Mutable<EchoedNamespace>>().toExtend<OpenAI.NamespaceTool>();
  expectTypeOf<
    Mutable<Exclude<ResponseObject['tool_choice'], object>>
  >().toExtend<OpenAI.ToolChoiceOptions>();
});

test('a compacted conversation has the form of that of OpenAI', () => {
  expectTypeOf<Mutable<Omit<CompactedResponse, 'output'>>>().toExtend<
    Omit<OpenAI.CompactedResponse, 'output'>
  >();
  expectTypeOf<Mutable<CompactedResponse['output'][number]>>().toExtend<OpenAI.ResponseItem>();
});

test('a text completion has the form of that of OpenAI', () => {
  expectTypeOf<Mutable<TextCompletion>>().toExtend<Completion>();
});
