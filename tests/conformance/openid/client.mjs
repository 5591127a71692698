// A relying party made of openid-client alone. It reads one command a line and answers one line of JSON.
// No check of the library is switched off; the example authority is trusted by NODE_EXTRA_CA_CERTS.
import { createInterface } from "node:readline";
import * as client from "openid-client";

let configuration;
let pending;

const authentication = async (command) => {
  if (!command.key) return client.None();
  const key = await crypto.subtle.importKey(
    "jwk", command.key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"],
  );
  return client.PrivateKeyJwt({ key, kid: command.key.kid });
};

const commands = {
  async discover(command) {
    configuration = await client.discovery(
      new URL(command.issuer), command.client_id, { id_token_signed_response_alg: "ES256" },
      await authentication(command),
    );
    return configuration.serverMetadata();
  },

  async begin(command) {
    const verifier = client.randomPKCECodeVerifier();
    pending = { verifier, state: client.randomState(), nonce: client.randomNonce(), redirect_uri: command.redirect_uri };
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: command.redirect_uri,
      scope: command.scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...command.more,
    });
    return { address: address.href };
  },

  async finish(command) {
    const tokens = await client.authorizationCodeGrant(configuration, new URL(command.address), {
      pkceCodeVerifier: command.verifier ?? pending.verifier,
      expectedState: pending.state,
      expectedNonce: command.nonce ?? pending.nonce,
      idTokenExpected: true,
      ...(command.max_age === undefined ? {} : { maxAge: command.max_age }),
    });
    const claims = tokens.claims();
    const user = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    return { claims, user, id_token: tokens.id_token, expires_in: tokens.expires_in };
  },

  async leave(command) {
    return { address: client.buildEndSessionUrl(configuration, command.parameters).href };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  let answer;
  try {
    answer = { ok: await commands[command.do](command) };
  } catch (error) {
    answer = { error: error.error ?? error.code ?? error.name, message: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
