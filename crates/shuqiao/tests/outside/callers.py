"""A department's system as other people's libraries make it: Authlib asks for tokens, http-message-signatures signs the
call and verifies the node's answer. Whatever does not hold ends the script with an error."""

import datetime
import json
import secrets
import sys

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography.hazmat.primitives.asymmetric import ed25519
from joserfc.jwk import ECKey, OKPKey
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms
import base64


def need(holds, what):
    if not holds:
        sys.exit(what)


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, private, nodes):
        self.private, self.nodes = private, nodes

    def resolve_private_key(self, key_id):
        return self.private

    def resolve_public_key(self, key_id):
        return self.nodes.get(key_id)


with open(sys.argv[1], encoding="utf-8") as file:
    told = json.load(file)
base, client, grant = told["base"], told["client"], told["grant"]

# RFC 8414: everything else is found from here.
metadata = requests.get(base + "/.well-known/oauth-authorization-server", timeout=30).json()
endpoint = metadata["token_endpoint"]

# client_secret_basic, then private_key_jwt with ES256 and EdDSA.
with OAuth2Session(client, told["secret"], token_endpoint_auth_method="client_secret_basic") as session:
    token = session.fetch_token(endpoint, grant_type="client_credentials")
    need(token["token_type"] == "Bearer" and token["expires_in"] > 0, "no bearer token for a secret")
for algorithm, key, kid in [
    ("ES256", ECKey.import_key(told["p256"]), "ec"),
    ("EdDSA", OKPKey.import_key(told["ed25519"]), "ed"),
]:
    method = PrivateKeyJWT(endpoint, alg=algorithm, headers={"kid": kid})
    with OAuth2Session(client, key, token_endpoint_auth_method=method) as session:
        token = session.fetch_token(endpoint, grant_type="client_credentials")
        need(token["token_type"] == "Bearer", "no token for " + algorithm)

# A signed call, and the node's signature on the answer.
nodes = {
    key["kid"]: ed25519.Ed25519PublicKey.from_public_bytes(unbase64url(key["x"]))
    for key in requests.get(metadata["jwks_uri"], timeout=30).json()["keys"]
}
keys = [("ed", told["ed25519"], algorithms.ED25519), ("ec", told["p256"], algorithms.ECDSA_P256_SHA256)]
for kid, private, algorithm in keys:
    body = json.dumps({"purpose": told["purpose"], "limit": 1}).encode()
    request = requests.Request(
        "POST",
        f"{base}/data/v1/grants/{grant}/query",
        data=body,
        headers={
            "Authorization": "Bearer " + token["access_token"],
            "Content-Type": "application/json",
        },
    ).prepare()
    created = datetime.datetime.now(datetime.timezone.utc)
    HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=Keys(private.encode(), {})).sign(
        request,
        key_id=kid,
        created=created,
        expires=created + datetime.timedelta(seconds=60),
        nonce=secrets.token_urlsafe(12),
        tag="gds-call",
        label="call",
        covered_component_ids=("@method", "@target-uri", "content-digest", "content-type"),
        body=body,
    )
    with requests.Session() as session:
        answer = session.send(request, timeout=30)
    need(answer.status_code == 200, f"a call signed with {kid}: {answer.status_code} {answer.text}")
    verified = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys(None, nodes)).verify(
        answer,
        expect_tag="gds-answer",
        require_components=("@status", "content-digest", "content-type", '"signature";req;key="call"'),
        body=answer.content,
    )
    need(len(verified) == 1, "the answer is not signed once")
    # What was answered, changed.
    try:
        HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys(None, nodes)).verify(
            answer, expect_tag="gds-answer", body=answer.content + b" "
        )
    except Exception:
        pass
    else:
        sys.exit("a changed answer verifies")
    # The same call again.
    with requests.Session() as session:
        again = session.send(request, timeout=30)
    need(again.json()["code"] == "signature_replayed", f"the same call again: {again.text}")
print(json.dumps({"verified": len(keys)}))
