/** Code that calls an operation, ready to run. Keys are read from the environment, never written down. */

export interface CallToWrite {
  readonly action: string
  readonly version: string
  /** Host and port. */
  readonly endpoint: string
  readonly isSecure: boolean
  /** Everything is text on the wire; structures are JSON text. */
  readonly parameters: Readonly<Record<string, string>>
}

export interface Language {
  readonly id: string
  readonly name: string
  /** What has to be installed first. */
  readonly setup: string
  write(call: CallToWrite): string
}

const quoted = (text: string): string => JSON.stringify(text)

/** One parameter a line; nothing at all when there are none. */
function lines(call: CallToWrite, line: (name: string, value: string) => string): string {
  const written = Object.entries(call.parameters).map(([name, value]) => line(name, value))
  return written.length === 0 ? '' : `\n${written.join('\n')}\n`
}

const typescript: Language = {
  id: 'typescript',
  name: 'TypeScript',
  setup: 'npm install @alicloud/openapi-client @alicloud/tea-util',
  write: (call) => `import OpenApi from '@alicloud/openapi-client'
import Util from '@alicloud/tea-util'

const client = new OpenApi.default(
  new OpenApi.Config({
    accessKeyId: process.env['ALIBABA_CLOUD_ACCESS_KEY_ID'],
    accessKeySecret: process.env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    endpoint: ${quoted(call.endpoint)},
  }),
)
const answer = await client.callApi(
  new OpenApi.Params({
    action: ${quoted(call.action)},
    version: ${quoted(call.version)},
    protocol: '${call.isSecure ? 'HTTPS' : 'HTTP'}',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'json',
    bodyType: 'json',
  }),
  new OpenApi.OpenApiRequest({
    query: {${lines(call, (name, value) => `      ${name}: ${quoted(value)},`)}${Object.keys(call.parameters).length > 0 ? '    ' : ''}},
  }),
  new Util.RuntimeOptions({}),
)
console.log(JSON.stringify(answer['body'], null, 2))
`,
}

const python: Language = {
  id: 'python',
  name: 'Python',
  setup: 'pip install alibabacloud-tea-openapi',
  write: (call) => `import json
import os

from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi import models as open_api
from alibabacloud_tea_util import models as util

client = Client(
    open_api.Config(
        access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        endpoint=${quoted(call.endpoint)},
    )
)
params = open_api.Params(
    action=${quoted(call.action)},
    version=${quoted(call.version)},
    protocol="${call.isSecure ? 'HTTPS' : 'HTTP'}",
    pathname="/",
    method="POST",
    auth_type="AK",
    style="RPC",
    req_body_type="json",
    body_type="json",
)
request = open_api.OpenApiRequest(
    query={${lines(call, (name, value) => `        ${quoted(name)}: ${quoted(value)},`)}${Object.keys(call.parameters).length > 0 ? '    ' : ''}}
)
answer = client.call_api(params, request, util.RuntimeOptions())
print(json.dumps(answer["body"], indent=2, ensure_ascii=False))
`,
}

const java: Language = {
  id: 'java',
  name: 'Java',
  setup: 'Maven: com.aliyun:tea-openapi:0.3.8',
  write: (call) => `import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import java.util.LinkedHashMap;
import java.util.Map;

public class ${call.action} {
  public static void main(String[] args) throws Exception {
    Client client = new Client(new Config()
        .setAccessKeyId(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"))
        .setAccessKeySecret(System.getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET"))
        .setEndpoint(${quoted(call.endpoint)}));
    Params params = new Params()
        .setAction(${quoted(call.action)})
        .setVersion(${quoted(call.version)})
        .setProtocol("${call.isSecure ? 'HTTPS' : 'HTTP'}")
        .setPathname("/")
        .setMethod("POST")
        .setAuthType("AK")
        .setStyle("RPC")
        .setReqBodyType("json")
        .setBodyType("json");
    Map<String, String> query = new LinkedHashMap<>();${lines(call, (name, value) => `    query.put(${quoted(name)}, ${quoted(value)});`) || '\n'}    OpenApiRequest request = new OpenApiRequest().setQuery(query);
    Map<String, ?> answer = client.callApi(params, request, new RuntimeOptions());
    System.out.println(com.aliyun.teautil.Common.toJSONString(answer.get("body")));
  }
}
`,
}

const go: Language = {
  id: 'go',
  name: 'Go',
  setup:
    'go get github.com/alibabacloud-go/darabonba-openapi/v2 github.com/alibabacloud-go/tea-utils/v2',
  write: (call) => `package main

import (
	"encoding/json"
	"fmt"
	"os"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	util "github.com/alibabacloud-go/tea-utils/v2/service"
	"github.com/alibabacloud-go/tea/tea"
)

func main() {
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID")),
		AccessKeySecret: tea.String(os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")),
		Endpoint:        tea.String(${quoted(call.endpoint)}),
	})
	if err != nil {
		panic(err)
	}
	params := &openapi.Params{
		Action:      tea.String(${quoted(call.action)}),
		Version:     tea.String(${quoted(call.version)}),
		Protocol:    tea.String("${call.isSecure ? 'HTTPS' : 'HTTP'}"),
		Pathname:    tea.String("/"),
		Method:      tea.String("POST"),
		AuthType:    tea.String("AK"),
		Style:       tea.String("RPC"),
		ReqBodyType: tea.String("json"),
		BodyType:    tea.String("json"),
	}
	request := &openapi.OpenApiRequest{Query: map[string]*string{${lines(call, (name, value) => `		${quoted(name)}: tea.String(${quoted(value)}),`)}${Object.keys(call.parameters).length > 0 ? '	' : ''}}}
	answer, err := client.CallApi(params, request, &util.RuntimeOptions{})
	if err != nil {
		panic(err)
	}
	body, _ := json.MarshalIndent(answer["body"], "", "  ")
	fmt.Println(string(body))
}
`,
}

/** For a shell: in single quotes, each of which is closed, escaped and opened again. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const curl: Language = {
  id: 'curl',
  name: 'curl',
  setup: 'bash, curl, openssl',
  write: (call) => `#!/usr/bin/env bash
set -euo pipefail
: "\${ALIBABA_CLOUD_ACCESS_KEY_ID:?}" "\${ALIBABA_CLOUD_ACCESS_KEY_SECRET:?}"

encode() { # All but letters, digits and -_.~ as %XX, byte by byte.
  local LC_ALL=C text=$1 out='' c i
  for ((i = 0; i < \${#text}; i++)); do
    c=\${text:i:1}
    case $c in [A-Za-z0-9._~-]) out+=$c ;; *) printf -v c '%%%02X' "'$c"; out+=\${c/#%FFFFFFFFFFFFFF/%} ;; esac
  done
  printf '%s' "$out"
}
sha256() { openssl dgst -sha256 -hex | sed 's/.* //'; }

body=''
add() { body+="\${body:+&}$(encode "$1")=$(encode "$2")"; }
${Object.entries(call.parameters)
  .map(([name, value]) => `add ${name} ${shellQuoted(value)}`)
  .join('\n')}

hash=$(printf '%s' "$body" | sha256)
date=$(date -u +%Y-%m-%dT%H:%M:%SZ)
nonce=$(openssl rand -hex 16)
signed='host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'
canonical="POST
/

host:${call.endpoint}
x-acs-action:${call.action}
x-acs-content-sha256:$hash
x-acs-date:$date
x-acs-signature-nonce:$nonce
x-acs-version:${call.version}

$signed
$hash"
text="ACS3-HMAC-SHA256
$(printf '%s' "$canonical" | sha256)"
signature=$(printf '%s' "$text" | openssl dgst -sha256 -hex -hmac "$ALIBABA_CLOUD_ACCESS_KEY_SECRET" | sed 's/.* //')

curl -sS '${call.isSecure ? 'https' : 'http'}://${call.endpoint}/' \\
  -H 'x-acs-action: ${call.action}' -H 'x-acs-version: ${call.version}' \\
  -H "x-acs-date: $date" -H "x-acs-signature-nonce: $nonce" -H "x-acs-content-sha256: $hash" \\
  -H "Authorization: ACS3-HMAC-SHA256 Credential=$ALIBABA_CLOUD_ACCESS_KEY_ID,SignedHeaders=$signed,Signature=$signature" \\
  -H 'Content-Type: application/x-www-form-urlencoded' --data-raw "$body"
echo
`,
}

export const CODE: readonly Language[] = [typescript, python, java, go, curl]

/** What was put into a form, as it goes over the wire. */
export function wireParameters(
  value: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'string' ? member : JSON.stringify(member),
    ]),
  )
}
