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
  /** What the machine must have. */
  readonly needs: string
  /** Name of the file that the code goes in. */
  file(call: CallToWrite): string
  /** What to type in the file's folder, once: gets the vendor's client, in the versions that the code was tried with. */
  readonly install: string
  /** What to type to run the code. */
  run(call: CallToWrite): string
  write(call: CallToWrite): string
}

/** What to type to get from an empty folder with the file in it to an answer. */
export const commands = (language: Language, call: CallToWrite): string =>
  [language.install, language.run(call)].filter((line) => line !== '').join('\n')

/** Longest wait for an answer, in ms. The clients' own limits, 3 s in TypeScript, are too short for `TestProvider`. */
const READ_TIMEOUT_MS = 30_000

const quoted = (text: string): string => JSON.stringify(text)

/** One parameter a line; nothing at all when there are none. */
function lines(call: CallToWrite, line: (name: string, value: string) => string): string {
  const written = Object.entries(call.parameters).map(([name, value]) => line(name, value))
  return written.length === 0 ? '' : `\n${written.join('\n')}\n`
}

const typescript: Language = {
  id: 'typescript',
  name: 'TypeScript',
  needs: 'Node ≥ 22.18',
  file: () => 'call.mts',
  install: 'npm install @alicloud/openapi-client@0.4.15 @alicloud/tea-util@1.4.11',
  run: () => 'node call.mts',
  write: (call) => `import OpenApi from '@alicloud/openapi-client'
import Util from '@alicloud/tea-util'

const client = new OpenApi.default(
  new OpenApi.Config({
    accessKeyId: process.env['ALIBABA_CLOUD_ACCESS_KEY_ID'],
    accessKeySecret: process.env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    endpoint: ${quoted(call.endpoint)},
  }),
)
const params = new OpenApi.Params({
  action: ${quoted(call.action)},
  version: ${quoted(call.version)},
  protocol: '${call.isSecure ? 'HTTPS' : 'HTTP'}',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'json',
  bodyType: 'json',
})
const request = new OpenApi.OpenApiRequest({
  query: {${lines(call, (name, value) => `    ${name}: ${quoted(value)},`)}${Object.keys(call.parameters).length > 0 ? '  ' : ''}},
})
try {
  const options = new Util.RuntimeOptions({ readTimeout: ${READ_TIMEOUT_MS} })
  const answer = await client.callApi(params, request, options)
  console.log(JSON.stringify(answer['body'], null, 2))
} catch (error) {
  // The property code is for programs: InvalidParameter, InstanceNotFound, …
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
`,
}

const python: Language = {
  id: 'python',
  name: 'Python',
  needs: 'Python ≥ 3.8',
  file: () => 'call.py',
  install: `python3 -m venv venv
venv/bin/pip install alibabacloud-tea-openapi==0.4.6 alibabacloud-tea-util==0.3.15`,
  run: () => 'venv/bin/python call.py',
  write: (call) => `import json
import os
import sys

from alibabacloud_tea_openapi import models as open_api
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_util import models as util
from Tea.exceptions import TeaException

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
try:
    answer = client.call_api(params, request, util.RuntimeOptions(read_timeout=${READ_TIMEOUT_MS}))
except TeaException as error:
    # error.code is for programs: InvalidParameter, InstanceNotFound, …
    sys.exit(f"{error.code}: {error.message}")
print(json.dumps(answer["body"], indent=2, ensure_ascii=False))
`,
}

const java: Language = {
  id: 'java',
  name: 'Java',
  needs: 'Java ≥ 11, Maven',
  file: (call) => `${call.action}.java`,
  install: `cat > pom.xml <<'END'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>call</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.aliyun</groupId>
      <artifactId>tea-openapi</artifactId>
      <version>0.3.15</version>
    </dependency>
  </dependencies>
</project>
END
mvn -q dependency:copy-dependencies -DoutputDirectory=lib`,
  run: (call) => `java -Dfile.encoding=UTF-8 -cp 'lib/*' ${call.action}.java`,
  write: (call) => `import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import com.google.gson.GsonBuilder;
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
    try {
      RuntimeOptions options = new RuntimeOptions().setReadTimeout(${READ_TIMEOUT_MS});
      Map<String, ?> answer = client.callApi(params, request, options);
      System.out.println(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create()
          .toJson(answer.get("body")));
    } catch (TeaException error) {
      // The code is for programs: InvalidParameter, InstanceNotFound, …
      System.err.println(error.getCode() + ": " + error.getMessage());
      System.exit(1);
    }
  }
}
`,
}

const go: Language = {
  id: 'go',
  name: 'Go',
  needs: 'Go ≥ 1.18',
  file: () => 'main.go',
  install: `go mod init call
go get github.com/alibabacloud-go/darabonba-openapi/v2/client@v2.1.13
go get github.com/alibabacloud-go/tea-utils/v2/service@v2.0.9`,
  run: () => 'go run .',
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
	query := map[string]*string{}${lines(call, (name, value) => `	query[${quoted(name)}] = tea.String(${quoted(value)})`) || '\n'}	request := &openapi.OpenApiRequest{Query: query}
	answer, err := client.CallApi(params, request, &util.RuntimeOptions{ReadTimeout: tea.Int(${READ_TIMEOUT_MS})})
	if err != nil {
		// The Code of a *tea.SDKError is for programs: InvalidParameter, InstanceNotFound, …
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
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
  needs: 'bash, curl ≥ 7.76, openssl',
  file: () => 'call.sh',
  install: '',
  run: () => 'bash call.sh',
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

curl -sS --fail-with-body '${call.isSecure ? 'https' : 'http'}://${call.endpoint}/' \\
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
