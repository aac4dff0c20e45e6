import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pointsError, writeBodyError } from '../../src/auth-engine/line-protocol.js';
import { handlerResponse } from '../../src/auth-engine/trace.js';
import { Kapacitor } from './engine.js';

const packed = gzipSync(Buffer.from('m v=1')).toString('latin1');

describe('the points of a write', () => {
  it.each([
    '',
    '\n\n  \n',
    '# a comment',
    'm v=1',
    'm v=1\nm v=2\n',
    '  m v=1',
    'm,a=b v=1i,w=t,x="s" 1465839830100400200',
    'm,a=b\\ c,b=\\= v=.5',
    'm v="a\nb"',
    'm v=-1.5e-3 -5  ',
    'm\\ x,t=1 v=1',
    'm v=TRUE,w=False',
    'm "=1',
    'db=telegraf v=1',
  ])('%j are taken', (body) => {
    expect(pointsError(body, 'n')).toBeUndefined();
  });

  it.each([
    ['garbage', 'missing fields'],
    [',a=b v=1', 'missing measurement'],
    ['m', 'missing fields'],
    ['m ', 'invalid field format'],
    ['m,a v=1', 'missing tag value'],
    ['m,=b v=1', 'missing tag key'],
    ['m,a= v=1', 'missing tag value'],
    ['m,a=b=c v=1', 'invalid tag format'],
    ['m,a=1,b=2,a=3 v=1', 'duplicate tags'],
    ['m v', 'invalid field format'],
    ['m v=', 'missing field value'],
    ['m =1', 'missing field key'],
    ['m v=1,w', 'invalid field format'],
    ['m v=x', 'invalid boolean'],
    ['m v=NaN', 'invalid number'],
    ['m v=1u', 'invalid number'],
    ['m v=1.0i', 'invalid number'],
    ['m v=1\r', 'invalid number'],
    ['m v="x', 'unbalanced quotes'],
    ['m v=1 x', 'bad timestamp'],
    ['m v=1 5 x', 'point is invalid'],
    ['m v=1e999', 'invalid float'],
    ['m v=1 9223372036854775807', 'time outside range -9223372036854775806 - 9223372036854775806'],
    [
      'm v=9223372036854775808i',
      'unable to parse integer 9223372036854775808: strconv.ParseInt: parsing "9223372036854775808": value out of range',
    ],
    [`${'m'.repeat(65536)} v=1`, 'max key length exceeded: 65536 > 65535'],
  ])('%j is refused: %s', (body, why) => {
    expect(pointsError(body, 'n')).toBe(`unable to parse '${body}': ${why}`);
  });

  it('are refused as a whole for one bad line, each of which is named', () => {
    const told = pointsError('m v=1\nx\nm v=2\ny\n', 'n');
    expect(told).toBe("unable to parse 'x': missing fields\nunable to parse 'y': missing fields");
  });

  it('have times of the given precision, an unknown one counting as nanoseconds', () => {
    const time = 'm v=1 9000000000000000';
    expect(['n', 'u', 'bad', '', 'toString'].map((precision) => pointsError(time, precision))).toEqual(
      Array(5).fill(undefined),
    );
    expect(pointsError(time, 's')).toMatch(/time outside range/);
  });

  it.each([
    ['nothing', '', 'EOF\n'],
    ['text', 'cpu v=1 and more', 'gzip: invalid header\n'],
    ['half of it', packed.slice(0, 12), 'unexpected EOF\n'],
    ['a wrong checksum', `${packed.slice(0, -8)}\0\0\0\0${packed.slice(-4)}`, 'gzip: invalid checksum\n'],
    ['text behind it', `${packed}more text than a header`, 'gzip: invalid header\n'],
    ['zeros behind it', `${packed}${'\0'.repeat(20)}`, 'gzip: invalid header\n'],
    ['points that are none', gzipSync('x').toString('latin1'), "unable to parse 'x': missing fields\n"],
  ])('compressed with gzip: %s is refused', (_, body, text) => {
    expect(writeBodyError(body, 'gzip', '')).toEqual({ status: 400, text });
  });

  it('compressed with gzip are read, and only where the header says exactly so', () => {
    expect(writeBodyError(packed, 'gzip', '')).toBeUndefined();
    expect(writeBodyError('m v=1', 'GZIP', '')).toBeUndefined();
    expect(writeBodyError(packed, 'gzip, identity', '')?.status).toBe(400);
  });
});

describe('POST /write', () => {
  const kapacitor = new Kapacitor({ w: { password: 'pw', permissions: { telegraf: ['WriteData'] } } });
  const write = { method: 'POST', user: 'w', password: 'pw' };

  it.each(['/write', '/kapacitor/v1/write', '/kapacitor/v1preview/write'])(
    'to %s with a bad body: 400 before the database is authorized',
    (path) => {
      const granted = new Kapacitor({ w: { password: 'pw', permissions: { '': ['KapacitorAPI', 'WriteData'] } } });
      for (const daemon of path.includes('preview') ? [granted] : [kapacitor, granted]) {
        const trace = daemon.trace({ ...write, path: `${path}?db=other`, body: 'garbage' });
        expect(handlerResponse(trace)?.status).toBe(400);
        expect(trace.at(-1)).toMatchObject({ verdict: 'allow' });
        expect(trace.some((step) => step.kind === 'database')).toBe(false);
      }
    },
  );

  it('with a good body, or none, is authorized by its database', () => {
    for (const body of ['', 'm v=1']) {
      expect(kapacitor.says({ ...write, path: '/write?db=other', body })).toMatch(/^401 "w" user is not authorized/);
      expect(kapacitor.says({ ...write, path: '/write?db=telegraf', body })).toBe('allow');
    }
  });

  it('without the privilege on the endpoint is refused whatever the body', () => {
    const daemon = new Kapacitor({ w: { password: 'pw', permissions: { telegraf: ['ReadData'] } } });
    expect(daemon.says({ ...write, path: '/write?db=telegraf', body: 'garbage' })).toMatch(/^403/);
  });
});
