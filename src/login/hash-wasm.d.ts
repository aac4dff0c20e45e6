/** The bcrypt part of hash-wasm alone: the package's own entry holds thirty more algorithms. */
declare module 'hash-wasm/dist/bcrypt.umd.min.js' {
  const wasm: {
    bcrypt(options: {
      password: Uint8Array;
      salt: Uint8Array;
      costFactor: number;
      outputType: 'encoded';
    }): Promise<string>;
  };
  export default wasm;
}
