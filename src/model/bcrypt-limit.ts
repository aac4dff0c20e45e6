/** The first bytes of a password that bcrypt looks at; Go's bcrypt makes no hash of a longer one. */
export const maxBcryptBytes = 72;
