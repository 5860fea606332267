import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { hash as hashByBcrypt, verify as verifyByBcrypt } from '@node-rs/bcrypt';

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** False as well for a hash that is in no form that is known here. */
  verify(password: string, stored: string): Promise<boolean>;
  /** Hashes of one kind cost the same to verify. Undefined for what can be no hash. */
  kindOf(stored: string): string | undefined;
  /** A hash of the same kind, of a password that nobody knows. */
  decoyLike(stored: string): Promise<string>;
  /** Whether it was made as hashes are made today, or at more expense. */
  isStrongEnough(stored: string): boolean;
  /** Whether it tells passwords apart that are as long as this one. */
  tellsApart(password: string, stored: string): boolean;
}

interface ArgonCost {
  /** In KiB. */
  readonly memoryCost: number;
  /** Passes. */
  readonly timeCost: number;
  readonly parallelism: number;
}

/** What OWASP recommends at least: 19 MiB, two passes. About 30 ms of one core. */
const usualCost: ArgonCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const argon2id = 2;
/** bcrypt looks at no more of a password. */
const bcryptBytes = 72;

/** Argon2id for what is hashed from now on; bcrypt to verify what an older server left. */
export function createPasswordHasher(cost: ArgonCost = usualCost): PasswordHasher {
  return {
    hash: (password) => hash(password, { ...cost, algorithm: argon2id }),

    async verify(password, stored) {
      if (readArgon(stored) !== undefined) return verify(stored, password);
      return readBcrypt(stored) !== undefined && verifyByBcrypt(password, stored);
    },

    kindOf(stored) {
      const argon = readArgon(stored);
      if (argon !== undefined) {
        const { algorithm, memoryCost, timeCost, parallelism, outputLen } = argon;
        return `argon2-${algorithm}-${memoryCost}-${timeCost}-${parallelism}-${outputLen}`;
      }
      const bcrypt = readBcrypt(stored);
      return bcrypt && `bcrypt-${bcrypt.cost}`;
    },

    async decoyLike(stored) {
      const password = randomBytes(32).toString('base64');
      const argon = readArgon(stored);
      if (argon !== undefined) {
        const { algorithm, memoryCost, timeCost, parallelism, outputLen } = argon;
        return hash(password, { algorithm, memoryCost, timeCost, parallelism, outputLen });
      }
      return hashByBcrypt(password, readBcrypt(stored)?.cost);
    },

    isStrongEnough(stored) {
      const argon = readArgon(stored);
      return (
        argon !== undefined &&
        argon.algorithm === argon2id &&
        argon.memoryCost >= cost.memoryCost &&
        argon.timeCost >= cost.timeCost
      );
    },

    tellsApart: (password, stored) =>
      readBcrypt(stored) === undefined || Buffer.byteLength(password) <= bcryptBytes,
  };
}

function readArgon(stored: string): ReturnType<typeof parseOptions> | undefined {
  try {
    return parseOptions(stored);
  } catch {
    return undefined;
  }
}

const bcryptForm = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

function readBcrypt(stored: string): { readonly cost: number } | undefined {
  const cost = bcryptForm.exec(stored)?.[1];
  return cost === undefined ? undefined : { cost: Number(cost) };
}
