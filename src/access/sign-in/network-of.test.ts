import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkOf } from './network-of.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
  ['no address', 'no address'],
])('%s belongs to %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('all addresses of a /64 belong together, however they are written, and no others', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(networkOf(address.toUpperCase())).toBe(networkOf(address));
    }),
  );
  const group = fc.integer({ min: 1, max: 0xffff }).map((value) => value.toString(16));
  const four = fc.tuple(group, group, group, group);
  fc.assert(
    fc.property(four, four, four, four, (net, host, otherNet, otherHost) => {
      const one = networkOf([...net, ...host].join(':'));
      expect(networkOf([...net, ...otherHost].join(':'))).toBe(one);
      expect(networkOf([...otherNet, ...host].join(':')) === one).toBe(net.join() === otherNet.join());
    }),
  );
});
