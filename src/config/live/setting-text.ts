import type { SettingKind, SettingValue } from '../../contract/index.ts';

/** A value as the environment variable would have it; undefined where it does not suit the kind. */
export function toVariableText(kind: SettingKind, value: SettingValue): string | undefined {
  switch (kind.type) {
    case 'integer':
      return typeof value === 'number' ? String(value) : undefined;
    case 'flag':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'choice':
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'origins':
      if (typeof value === 'string') return value;
      return Array.isArray(value) ? value.join(',') : undefined;
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? JSON.stringify(value)
        : undefined;
  }
}

/** What a kind takes, for messages. */
export function describeKind(kind: SettingKind): string {
  switch (kind.type) {
    case 'integer':
      return `a whole number from ${kind.min} to ${kind.max}`;
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${kind.options.join(', ')}`;
    case 'text':
      return 'a text';
    case 'origins':
      return '* or a list of origins';
    case 'map':
      return 'an object of texts';
  }
}

/** A stored text as a value; null for none. */
export function fromVariableText(kind: SettingKind, text: string | null): SettingValue {
  if (text === null) return null;
  switch (kind.type) {
    case 'integer':
      return Number(text);
    case 'flag':
      return text === 'true';
    case 'choice':
    case 'text':
      return text;
    case 'origins':
      return text === '*' ? text : text.split(',');
    case 'map':
      return JSON.parse(text);
  }
}
