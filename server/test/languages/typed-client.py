"""The vendor's typed client for Python (alibabacloud_ice20201109), pointed at a server of ours.

Reads what to do as JSON from standard input, and prints as JSON what came back: `before` somebody joins the call, and
`after`. Along the way every member of every answer is held against the type that the client's own model declares, which
is what clients of languages with static types insist on.
"""
import json
import os
import sys
import typing

from alibabacloud_ice20201109 import models as ice
from alibabacloud_ice20201109.client import Client
from alibabacloud_tea_openapi.models import Config
from darabonba.model import DaraModel
from Tea.exceptions import TeaException

given = json.load(sys.stdin)
wrong_types: list[str] = []


def client_of(key_id: str, secret: str) -> Client:
    return Client(
        Config(
            access_key_id=key_id,
            access_key_secret=secret,
            endpoint=given["endpoint"],
            protocol="HTTP",
        )
    )


client = client_of(
    os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
)


def check(value: object, declared: object, path: str) -> None:
    """Notes what is not of the declared type."""
    if value is None:
        return
    if typing.get_origin(declared) is list and isinstance(value, list):
        for index, entry in enumerate(value):
            check(entry, typing.get_args(declared)[0], f"{path}[{index}]")
    elif isinstance(value, DaraModel):
        kind = type(value)
        hints = typing.get_type_hints(kind.__init__, vars(sys.modules[kind.__module__]))
        for name, hint in hints.items():
            check(getattr(value, name), hint, f"{path}.{name}")
    elif declared is float and type(value) is int:
        return
    elif declared is not typing.Any and type(value) is not declared:
        wrong_types.append(f"{path}: {declared} declared, {value!r} came")


def answer(response: object) -> dict:
    check(response.body, type(response.body), type(response.body).__name__)
    return response.body.to_map()


def refusal(call: typing.Callable[[], object]) -> dict:
    try:
        call()
    except TeaException as error:
        return {
            "code": error.code,
            "statusCode": error.statusCode,
            "message": error.message,
            "data": error.data,
            "accessDeniedDetail": error.accessDeniedDetail,
        }
    return {"code": None}


def before() -> dict:
    config = ice.AIAgentConfig().from_map(given["agentConfig"])
    generated = answer(
        client.generate_aiagent_call(
            ice.GenerateAIAgentCallRequest(
                aiagent_id=given["agentId"],
                agent_config=ice.AIAgentConfig(
                    greeting="Hello.",
                    llm_config=ice.AIAgentConfigLlmConfig(llm_system_prompt="Be kind."),
                ),
                expire=600,
                session_id="session",
                user_data=given["text"],
            )
        )
    )
    started = answer(
        client.start_aiagent_instance(
            ice.StartAIAgentInstanceRequest(
                aiagent_id=given["agentId"],
                runtime_config=ice.AIAgentRuntimeConfig().from_map(given["runtimeConfig"]),
                agent_config=config,
                template_config=ice.AIAgentTemplateConfig(
                    voice_chat=ice.AIAgentTemplateConfigVoiceChat(volume=10, greeting="weaker"),
                ),
            )
        )
    )
    updated = answer(
        client.update_aiagent_instance(
            ice.UpdateAIAgentInstanceRequest(
                instance_id=generated["InstanceId"],
                agent_config=ice.AIAgentConfig(
                    max_idle_time=120,
                    tts_config=ice.AIAgentConfigTtsConfig(speech_rate=1.25),
                ),
                user_data=given["text"],
            )
        )
    )
    listed = answer(
        client.list_aiagent_instance(
            ice.ListAIAgentInstanceRequest(
                aiagent_id=given["agentId"],
                start_time="2020-01-01T00:00:00Z",
                end_time="2099-01-01T00:00:00Z",
                page_number=1,
                page_size=10,
            )
        )
    )
    return {
        "generated": generated,
        "started": started,
        "updated": updated,
        "listed": listed,
        "sentConfig": config.to_map(),
    }


def after() -> dict:
    instance_id = given["instanceId"]
    spoken = answer(
        client.send_aiagent_speech(
            ice.SendAIAgentSpeechRequest(
                instance_id=instance_id, text="One moment.", enable_interrupt=True
            )
        )
    )
    dialogues = answer(
        client.list_aiagent_dialogues(
            ice.ListAIAgentDialoguesRequest(
                session_id="session",
                start_time=0,
                end_time=4_000_000_000_000,
                page_number=1,
                page_size=10,
                order="ASC",
            )
        )
    )
    concurrency = answer(
        client.get_aiagent_concurrency(
            ice.GetAIAgentConcurrencyRequest(aiagent_id=given["agentId"])
        )
    )
    describing = ice.DescribeAIAgentInstanceRequest(instance_id=instance_id)
    described = answer(client.describe_aiagent_instance(describing))
    stopped = answer(
        client.stop_aiagent_instance(ice.StopAIAgentInstanceRequest(instance_id=instance_id))
    )
    other = client_of(given["otherKey"]["id"], given["otherKey"]["secret"])
    listing = ice.ListAIAgentInstanceRequest(aiagent_id=given["agentId"], page_size=500)
    return {
        "spoken": spoken,
        "dialogues": dialogues,
        "concurrency": concurrency,
        "described": described,
        "stopped": stopped,
        "refusals": {
            "parameter": refusal(lambda: client.list_aiagent_instance(listing)),
            "unknown": refusal(
                lambda: client.describe_aiagent_instance(
                    ice.DescribeAIAgentInstanceRequest(instance_id="0" * 32)
                )
            ),
            "permission": refusal(lambda: other.describe_aiagent_instance(describing)),
        },
    }


done = before() if sys.argv[1] == "before" else after()
print(json.dumps({**done, "wrongTypes": wrong_types}))
