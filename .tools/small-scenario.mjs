/** A scenario of one login that is allowed. */
export function smallScenario(name, password) {
  return `kapacitor:
  config: |
    [http]
      auth-enabled = true
    [auth]
      enabled = true
      bcrypt-cost = 4
      meta-addr = "127.0.0.1:8091"
meta:
  users:
    - { name: ${name}, password: ${password}, permissions: { "": [KapacitorAPI] } }
steps:
  - at: 0s
    request: { method: GET, path: /kapacitor/v1/tasks, username: ${name}, password: ${password} }
    expect: { verdict: allow }
`;
}
