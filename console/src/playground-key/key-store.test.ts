import { describe, expect, it, vi } from 'vitest';
import { KeyStore } from './key-store.ts';

function memory(items = new Map<string, string>()) {
  return {
    items,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
}

describe('the key of the playground', () => {
  it('outlives a reload of the tab', () => {
    const storage = memory();
    new KeyStore(storage).keep('ann', 'sk-1');
    expect(new KeyStore(storage).secretOf('ann')).toBe('sk-1');
  });

  it('is for whoever gave it', () => {
    const storage = memory();
    new KeyStore(storage).keep('ann', 'sk-1');
    expect(new KeyStore(storage).secretOf('bob')).toBeUndefined();
  });

  it('can be forgotten, and all are told', () => {
    const storage = memory();
    const store = new KeyStore(storage);
    const listener = vi.fn();
    store.subscribe(listener);
    store.keep('ann', 'sk-1');
    store.forget();
    expect(listener).toHaveBeenCalledTimes(2);
    expect(storage.items.size).toBe(0);
    expect(store.secretOf('ann')).toBeUndefined();
  });

  it('works where storage is forbidden or holds something else', () => {
    const forbidden = () => {
      throw new Error('forbidden');
    };
    const store = new KeyStore({ getItem: forbidden, setItem: forbidden, removeItem: forbidden });
    store.keep('ann', 'sk-1');
    expect(store.secretOf('ann')).toBe('sk-1');
    store.forget();
    expect(store.secretOf('ann')).toBeUndefined();
    expect(
      new KeyStore(memory(new Map([['console-playground-key', '{"a":1}']]))).secretOf('ann'),
    ).toBeUndefined();
  });
});
