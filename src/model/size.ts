const units = [
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const;

/** A number of bytes in the largest unit that it is a whole number of, as `--max-body` takes it: `64MiB`. */
export function sizeText(bytes: number): string {
  const unit = units.find(([, size]) => bytes >= size && bytes % size === 0);
  return unit === undefined ? `${bytes} bytes` : `${bytes / unit[1]}${unit[0]}`;
}
