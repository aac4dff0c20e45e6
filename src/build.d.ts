/** The version of package.json, put in by the build. */
declare const KAPADMIN_VERSION: string;

/** The text of a file, put in by the build. */
declare module '*?raw' {
  const text: string;
  export default text;
}
