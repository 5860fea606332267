import type { Profile } from '../turn/index.ts';
import { modelNotFound } from './errors.ts';

/** An entry of `GET /v1/models`. */
export interface ModelObject {
  readonly id: string;
  readonly object: 'model';
  /** Unix seconds. */
  readonly created: number;
  readonly owned_by: string;
}

/** What this room needs to know of a model that the engine offers. */
export interface OfferedModel {
  readonly id: string;
  readonly resolvedId: string;
  readonly adaptiveThinking: boolean;
}

export interface ModelDirectoryOptions {
  /** An engine model or full model id; taken as it is. Absent: the engine's `default`, or its first. */
  readonly defaultModel?: string | undefined;
  /** As `defaultModel`, for `*-mini` and the like. Absent: the engine's Haiku, or the default model. */
  readonly smallModel?: string | undefined;
  /** Names that the operator gave to engine models, profiles or other aliases. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly engineModels: readonly OfferedModel[];
  /** By their names. */
  readonly profiles: Readonly<Record<string, Pick<Profile, 'model'>>>;
  /** Unix seconds, told as `created` of every model (the engine tells no dates). */
  readonly created?: number;
}

export interface ResolvedModel {
  /** What a turn names. */
  readonly model: string;
  /** The profile that the model id asked for. */
  readonly profileName?: string;
  /** Undefined for a model that the engine does not list. */
  readonly adaptiveThinking: boolean | undefined;
}

/** What answers small tasks. */
export interface SmallModel extends ResolvedModel {
  /** What it goes by: as the turn names it, and by its full id. */
  readonly names: readonly string[];
}

export interface ModelDirectory {
  readonly small: SmallModel;
  /** Throws a 404 WireError for an unknown name. */
  resolve(name: string): ResolvedModel;
  list(): ModelObject[];
  /** Also knows names that `list` leaves out, such as `agent/opus`. Throws a 404 WireError. */
  get(id: string): ModelObject;
  /**
   * What a model goes by: first as it was asked for, then without its profile, as the turn names it, and by its full id.
   * Throws a 404 WireError for an unknown name.
   */
  namesOf(name: string): readonly string[];
}

/** OpenAI's chat models that `list` names; `resolve` knows their whole families by `openaiFamily`. */
const listedOpenaiNames = [
  ...['gpt-5.2', 'gpt-5.1', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'],
  ...[
    'gpt-4o',
    'gpt-4o-mini',
    'gpt-4-turbo',
    'gpt-4',
    'gpt-3.5-turbo',
    'o4-mini',
    'o3',
    'o3-mini',
    'o1',
    'o1-mini',
  ],
];
const openaiFamily = /^(?:gpt-\d|o\d|chatgpt-|codex-|gpt-oss-)/;
/** Names of the same families that answer with something else than text. */
const notChat = /(?:image|audio|realtime|transcribe|tts|embedding|moderation)/;
const smallKind = /-(?:mini|nano)\b|^gpt-3\.5/;
/** A full id upstream, also in Bedrock's form (`us.anthropic.claude-…`). Upstream decides whether it exists. */
const claudeId = /^(?:(?:[a-z-]+\.)?anthropic\.)?claude-/;

/**
 * A name is looked up as: the operator's alias, profile (`agent`, `agent/<name>`), engine model, Claude id,
 * OpenAI name. The target of an alias is looked up as a real name first, so that two names can be swapped.
 */
export function createModelDirectory(options: ModelDirectoryOptions): ModelDirectory {
  const { aliases, engineModels, profiles, created = 0 } = options;
  const defaultModel = options.defaultModel ?? engineDefault(engineModels);
  const smallModel =
    options.smallModel ??
    engineModels.find(isHaiku)?.id ??
    (engineModels.length === 0 ? 'haiku' : defaultModel);

  const named = (model: string): ResolvedModel => ({
    model,
    adaptiveThinking: engineModels.find(({ id, resolvedId }) => id === model || resolvedId === model)
      ?.adaptiveThinking,
  });

  const lookUpProfile = (name: string, seen: readonly string[]): ResolvedModel | undefined => {
    const [profileName, modelName] = splitName(name);
    const profile = Object.hasOwn(profiles, profileName) ? profiles[profileName] : undefined;
    if (profile === undefined) return undefined;
    const model = modelName === undefined ? modelOf(profile) : lookUp(modelName, seen);
    return model && { ...model, profileName };
  };

  /** What the operator wrote into a profile is a model, never another profile. Upstream knows what we do not. */
  const modelOf = ({ model }: Pick<Profile, 'model'>): ResolvedModel => {
    if (model === undefined) return named(defaultModel);
    const target = aliasOf(model) ?? model;
    return lookUpModel(target) ?? lookUpOpenai(target) ?? named(model);
  };

  const lookUpModel = (name: string): ResolvedModel | undefined => {
    if (engineModels.some(({ id, resolvedId }) => id === name || resolvedId === name)) return named(name);
    return claudeId.test(name) ? named(name) : undefined;
  };

  const lookUpReal = (name: string, seen: readonly string[]): ResolvedModel | undefined =>
    lookUpProfile(name, seen) ?? lookUpModel(name);

  const lookUpOpenai = (name: string): ResolvedModel | undefined => {
    if (!openaiFamily.test(name) || notChat.test(name)) return undefined;
    return named(smallKind.test(name) ? smallModel : defaultModel);
  };

  const lookUp = (name: string, seen: readonly string[]): ResolvedModel | undefined => {
    const target = aliasOf(name);
    if (target === undefined || seen.includes(name)) return lookUpReal(name, seen) ?? lookUpOpenai(name);
    return lookUpReal(target, [...seen, name]) ?? lookUp(target, [...seen, name]);
  };

  const aliasOf = (name: string): string | undefined =>
    Object.hasOwn(aliases, name) ? aliases[name] : undefined;

  const resolve = (name: string): ResolvedModel => {
    const found = lookUp(name, []);
    if (found !== undefined) return found;
    const target = aliasOf(name);
    const meaning = target === undefined ? '' : ` (an alias of '${target}')`;
    throw modelNotFound(
      `The model '${name}'${meaning} does not exist or you do not have access to it. See GET /v1/models.`,
    );
  };

  const owner = (id: string): string => {
    const real = aliasOf(id) === undefined && lookUpReal(id, []);
    return real && real.profileName === undefined ? 'anthropic' : 'claudecode-api';
  };
  const describe = (id: string): ModelObject => ({ id, object: 'model', created, owned_by: owner(id) });

  const fullIdOf = (model: string): string | undefined =>
    engineModels.find(({ id }) => id === model)?.resolvedId;
  const uniqueNames = (...names: (string | undefined)[]): string[] =>
    [...new Set(names)].filter((one) => one !== undefined);

  return {
    small: { ...named(smallModel), names: uniqueNames(smallModel, fullIdOf(smallModel)) },
    resolve,
    list: () => {
      const ids = new Set([
        ...Object.keys(profiles),
        ...engineModels.flatMap(({ id, resolvedId }) => [id, resolvedId]),
        ...Object.keys(aliases).filter((alias) => lookUp(alias, []) !== undefined),
        ...listedOpenaiNames,
      ]);
      return [...ids].map(describe);
    },
    get: (id) => {
      resolve(id);
      return describe(id);
    },
    namesOf: (name) => {
      const { model, profileName } = resolve(name);
      const [before, after] = splitName(name);
      const bare = before === profileName ? after : undefined;
      return uniqueNames(name, bare, model, fullIdOf(model));
    },
  };
}

/** Profile and model of a name such as `agent/opus`. */
function splitName(name: string): [string, string | undefined] {
  const slash = name.indexOf('/');
  return slash === -1 ? [name, undefined] : [name.slice(0, slash), name.slice(slash + 1)];
}

/** Before the engine has told its models, the aliases that Claude Code always knows. */
function engineDefault(models: readonly OfferedModel[]): string {
  return models.find(({ id }) => id === 'default')?.id ?? models[0]?.id ?? 'default';
}

function isHaiku({ id, resolvedId }: OfferedModel): boolean {
  return id.includes('haiku') || resolvedId.includes('haiku');
}
