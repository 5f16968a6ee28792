"""Orders for tests; people and cases are invented."""

from xiezhi_client.sdk import Document, FindOrder, Item

CASE_NUMBER = "（2026）苏0591执1234号"


def order(case_number: str = CASE_NUMBER, *documents: Document) -> FindOrder:
    return FindOrder(
        case_number=case_number,
        receiver="苏0508",
        subject_numbers=(1,),
        items=(Item(number=1, act="LOCATE_PERSON", subject_number=1, scope="查找下落", clue="常在平江路"),),
        documents=documents,
        request_text="请协助查找被执行人下落",
    )
