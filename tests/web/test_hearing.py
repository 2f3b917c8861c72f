"""A page that only hears of the knowledge: told of every change, and nobody is present by it."""

from tests.clients import Client, agent, sign_in
from tests.program import Program
from tests.web.browsing import browsing
from tests.web.conftest import owner


async def test_a_page_of_the_knowledge_hears_and_is_not_present(house: Program, name: str) -> None:
    house.hire(name)
    body, cookie = await sign_in(house, name)
    page = Client("/desk")
    headers = {"Origin": house.address, "Cookie": cookie}
    await page.connect(house.address, {"csrf": body["csrf"], "hears": "entries"}, headers)
    try:
        for event in ("sync", "available"):
            answer = await page.call(event, **({"state": "busy"} if event == "available" else {}))
            assert answer["error"]["code"] == "forbidden", answer
        async with owner(house) as lead:
            agents = (await lead.call("sync"))["agents"]
            assert [one["online"] for one in agents if one["name"] == name] == [False]
            lead_body, lead_cookie = await sign_in(house, "owner", house.owner_password)
            signed = {"Cookie": lead_cookie, "X-CSRF-Token": lead_body["csrf"]}
            async with browsing(headers=signed) as http:
                new = {"question": "谁在听", "answer": "我"}
                made = await http.post(f"{house.address}/api/entries", json=new)
                assert made.status == 201, await made.text()
            assert await page.event("entries") == {"ids": [(await made.json())["id"]]}
        assert {event for event, _ in page.events} == {"entries"}
    finally:
        await page.close()


async def test_a_lead_hears_how_much_waits(house: Program, name: str) -> None:
    """On the page of the knowledge from the beginning on, at the desk with `sync`; agents not."""
    house.hire(name)
    lead = f"主管{name}"
    house.hire(lead, role="supervisor")
    pages = {one: Client("/desk") for one in (name, lead)}
    for one, page in pages.items():
        body, cookie = await sign_in(house, one)
        headers = {"Origin": house.address, "Cookie": cookie}
        await page.connect(house.address, {"csrf": body["csrf"], "hears": "entries"}, headers)
    try:
        before = (await pages[lead].event("review"))["waiting"]
        async with agent(house, name) as desk, agent(house, lead) as leading:
            assert (await leading.call("sync"))["review"] == before
            assert "review" not in await desk.call("sync")
            body, cookie = await sign_in(house, name)
            async with browsing(headers={"Cookie": cookie, "X-CSRF-Token": body["csrf"]}) as http:
                draft = {"fields": {"question": "能刻字吗", "answer": "亲，可以的"}}
                made = await http.post(f"{house.address}/api/drafts", json=draft)
                assert made.status == 201, await made.text()
            for hearing in (pages[lead], leading):
                await hearing.event("review", lambda data: data == {"waiting": before + 1})
            assert (await leading.call("sync"))["review"] == before + 1
            assert {event for event, _ in desk.events} & {"review"} == set()
        assert pages[name].events == []
    finally:
        for page in pages.values():
            await page.close()
