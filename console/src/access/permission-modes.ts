import type { ProfileSpec } from '../../../src/contract/index.ts';

type PermissionMode = NonNullable<ProfileSpec['permissionMode']>;

/** What an agent may do unasked, with what each way leads to. */
export const permissionModes: readonly {
  readonly value: PermissionMode;
  readonly label: string;
  readonly hint: string;
}[] = [
  {
    value: 'bypassPermissions',
    label: 'Everything',
    hint: 'Every tool runs without being asked about: files, shell and network.',
  },
  {
    value: 'acceptEdits',
    label: 'Edit files',
    hint: 'Files are read and changed unasked; other things that could do harm wait for an approval.',
  },
  {
    value: 'plan',
    label: 'Plan only',
    hint: 'Reads and thinks, and changes nothing.',
  },
  {
    value: 'dontAsk',
    label: 'Only what is allowed',
    hint: 'What is not allowed beforehand is refused at once; nobody is asked.',
  },
  {
    value: 'default',
    label: 'Ask',
    hint: 'Whatever could do harm waits for an admin on the page of approvals.',
  },
];

/** Null: whoever is asked next decides, which `fallback` says in words. */
export function permissionModeHint(mode: PermissionMode | null, fallback: string): string {
  return permissionModes.find(({ value }) => value === mode)?.hint ?? fallback;
}

const inherited = 'inherit';

/** For a `Select`, which knows text only. */
export function permissionModeOptions(unset: string) {
  return [
    { value: inherited, label: unset } as const,
    ...permissionModes.map(({ value, label }) => ({ value, label: `${label} (${value})` })),
  ];
}

export function readPermissionMode(value: PermissionMode | typeof inherited): PermissionMode | null {
  return value === inherited ? null : value;
}

export function writePermissionMode(mode: PermissionMode | null): PermissionMode | typeof inherited {
  return mode ?? inherited;
}
