"""A page that only hears of the knowledge: told of every change, and nobody is present by it."""

from tests.clients import Client, sign_in
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
