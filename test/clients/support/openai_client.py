"""Does with OpenAI's Python client what the tests ask for.

The first line of standard input is the request; each line of standard output is {"delta"}, {"value"} or {"error"}. A
second line of input aborts.
"""

import asyncio
import json
import sys

from openai import AsyncOpenAI
from pydantic import BaseModel


class Report(BaseModel):
    city: str
    degrees: float


def tell(**answer):
    print(json.dumps(answer), flush=True)


class Chat:
    def __init__(self, client, model):
        self.completions, self.model = client.chat.completions, model

    async def create(self, messages, **more):
        completion = await self.completions.create(model=self.model, messages=messages, **more)
        return completion.choices[0].message

    async def ask(self, prompt):
        return (await self.create([{"role": "user", "content": prompt}])).content

    async def stream(self, prompt):
        messages = [{"role": "user", "content": prompt}]
        async with self.completions.stream(model=self.model, messages=messages) as stream:
            async for event in stream:
                if event.type == "content.delta" and event.delta:
                    tell(delta=event.delta)

    async def converse(self, questions):
        messages, answers = [], []
        for question in questions:
            messages.append({"role": "user", "content": question})
            messages.append(await self.create(messages))
            answers.append(messages[-1].content)
        return answers

    async def run_tool(self, prompt, tool, weathers):
        messages = [{"role": "user", "content": prompt}]
        while True:
            message = await self.create(messages, tools=[{"type": "function", "function": tool}])
            if not message.tool_calls:
                return message.content
            messages.append(message)
            for call in message.tool_calls:
                content = weathers[json.loads(call.function.arguments)["city"]]
                messages.append({"role": "tool", "tool_call_id": call.id, "content": content})

    async def parse(self, prompt):
        messages = [{"role": "user", "content": prompt}]
        completion = await self.completions.parse(model=self.model, messages=messages, response_format=Report)
        return completion.choices[0].message.parsed.model_dump()

    async def see(self, prompt, picture):
        content = [{"type": "text", "text": prompt}, {"type": "image_url", "image_url": {"url": picture}}]
        return (await self.create([{"role": "user", "content": content}])).content


class Responses:
    def __init__(self, client, model):
        self.responses, self.model = client.responses, model

    async def ask(self, prompt):
        return (await self.responses.create(model=self.model, input=prompt)).output_text

    async def stream(self, prompt):
        async with self.responses.stream(model=self.model, input=prompt) as stream:
            async for event in stream:
                if event.type == "response.output_text.delta":
                    tell(delta=event.delta)

    async def converse(self, questions):
        previous, answers = None, []
        for question in questions:
            response = await self.responses.create(
                model=self.model, input=question, previous_response_id=previous
            )
            previous = response.id
            answers.append(response.output_text)
        return answers

    async def run_tool(self, prompt, tool, weathers):
        items = [{"role": "user", "content": prompt}]
        while True:
            tools = [{"type": "function", "strict": True, **tool}]
            response = await self.responses.create(model=self.model, input=items, tools=tools)
            calls = [item for item in response.output if item.type == "function_call"]
            if not calls:
                return response.output_text
            items += response.output
            for call in calls:
                output = weathers[json.loads(call.arguments)["city"]]
                items.append({"type": "function_call_output", "call_id": call.call_id, "output": output})

    async def parse(self, prompt):
        response = await self.responses.parse(model=self.model, input=prompt, text_format=Report)
        return response.output_parsed.model_dump()

    async def see(self, prompt, picture):
        content = [{"type": "input_text", "text": prompt}, {"type": "input_image", "image_url": picture}]
        items = [{"role": "user", "content": content}]
        return (await self.responses.create(model=self.model, input=items)).output_text


async def main():
    loop = asyncio.get_running_loop()
    request = json.loads(sys.stdin.readline())
    async with AsyncOpenAI(**request["client"]) as client:
        api = {"chat": Chat, "responses": Responses}[request["api"]](client, request["model"])
        work = asyncio.create_task(getattr(api, request["what"])(**request["arguments"]))

        def abort():
            if sys.stdin.readline():
                work.cancel()

        loop.add_reader(sys.stdin, abort)
        try:
            tell(value=await work)
        except asyncio.CancelledError:
            tell(error={"kind": "CancelledError", "status": None, "message": "aborted"})
        except Exception as error:
            status = getattr(error, "status_code", None)
            tell(error={"kind": type(error).__name__, "status": status, "message": str(error)})
        finally:
            loop.remove_reader(sys.stdin)


asyncio.run(main())
