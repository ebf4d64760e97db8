"""What several journeys do alike: the first sign-in, an application, a review, a list."""

from io import BytesIO

from openpyxl import load_workbook

UNIT = "常熟恒源精密机械有限公司"
PHONE = "0512-52881234"
AWARD = "模范职工之家"
OWN_PASSWORD = "kestrel-Lantern-47-moor"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def first_sign_in(person, username, password):
    """With a one-time password, which is replaced by one of the person's own."""
    person.go("/login/")
    person.page.get_by_label("登录名").fill(username)
    person.page.get_by_label("密码").fill(password)
    person.page.get_by_role("button", name="登录").click()
    person.page.wait_for_url("**/account/password/")
    person.page.get_by_label("一次性密码").fill(password)
    for field in ("new_password1", "new_password2"):
        person.page.locator(f"input[name={field}]").fill(OWN_PASSWORD)
    person.press("保存新密码")
    person.page.wait_for_url(f"{person.site}/")
    return person


def bring_in(person, kind, fill):
    """Download the blank form, fill its sheet, upload it, check and confirm; the page that comes."""
    person.go("/imports/")
    panel = person.page.get_by_role("region", name=kind)
    with person.page.expect_download() as arriving:
        panel.get_by_role("link", name="下载空白表和填表说明").click()
    book = load_workbook(BytesIO(arriving.value.path().read_bytes()))
    fill(book.worksheets[0])
    target = BytesIO()
    book.save(target)
    panel.locator("input[type=file]").set_input_files(
        [{"name": "表.xlsx", "mimeType": XLSX, "buffer": target.getvalue()}]
    )
    panel.get_by_role("button", name="检查").click()
    person.sees("检查通过")
    person.press("导入 ", exact=False)
    person.sees("一次性密码发放单")


def slips(person):
    """What the slips of the sheet say: the password, or half of it, by login name."""
    found = person.page.locator(".slip").all()
    read = [slip.locator("dd").all_inner_texts() for slip in found]
    assert read
    return dict(read)


def apply(applicant, employer):
    applicant.follow("申报", exact=False)
    applicant.press("开始申报", exact=False)
    applicant.sees("已建立申报", AWARD, "尚未上传")

    applicant.press("提交单位审核")
    applicant.sees("还不能提交", "主要事迹")

    applicant.fill_in(
        {
            "工会主席": "徐丽华",
            "联系电话": PHONE,
            "工会经费足额拨缴": True,
            "自评分": "92.5",
            "曾获荣誉": "苏州市模范职工之家，2024年5月",
            "简要事迹": "职工代表大会制度健全，连续三年开展技能竞赛，职工满意度高。",
        }
    )
    applicant.press("保存草稿")
    applicant.sees("已保存，尚未提交")
    applicant.upload("事迹材料", "事迹材料.pdf")
    applicant.page.get_by_role("link", name="事迹材料.pdf").wait_for()

    applicant.fill_in({"主要事迹": "企业坚持党建带工建，" * 40})
    applicant.page.get_by_role("region", name="能否通过").get_by_text("材料齐全，符合准入条件").wait_for()
    applicant.press("提交单位审核")
    applicant.sees("已提交单位审核", "待单位审核")


def endorse(endorser):
    endorser.go("/")
    endorser.sees(UNIT)
    endorser.go("/inbox/")
    endorser.row(UNIT).get_by_role("link", name=UNIT).click()
    endorser.sees("单位审核", PHONE)
    for kind, name in (("会议纪要", "会议纪要.pdf"), ("单位公示证明", "公示照片.pdf")):
        endorser.upload(kind, name)
        endorser.page.get_by_role("link", name=name).wait_for()
    endorser.fill_in(
        {
            "会议形式": ["职工代表大会"],
            "会议日期": "2026-03-03",
            "应到人数": 60,
            "实到人数": 55,
            "同意": 52,
            "反对": 2,
            "弃权": 2,
            "公示开始日期": "2026-03-04",
            "公示结束日期": "2026-03-10",
            "公示地点或方式": "厂务公开栏",
            "党组织意见": "经党支部研究，同意推荐。",
            "意见日期": "2026-03-11",
        }
    )
    endorser.press("审核通过并上报")
    endorser.sees("有 1 处需要改正")  # 52 + 2 + 2 are not 55
    endorser.fill_in({"弃权": 1})
    endorser.press("审核通过并上报")
    endorser.sees("已上报常熟市审核", "审核中")


def review(reviewer, outcome, text=""):
    reviewer.go("/inbox/")
    row = reviewer.row(UNIT)
    assert AWARD in row.inner_text()
    row.get_by_role("link", name=UNIT).click()
    reviewer.sees("徐丽华", "审核结论", "应到 60", "非公有制")
    reviewer.choose(outcome)
    if text:
        reviewer.fill_in({"审核意见": text})
    reviewer.press("提交审核结论")
    reviewer.sees({"通过": "已通过", "退回补正": "已退回"}[outcome])


def open_slate(person, act):
    """The list from the inbox, where it waits for this person."""
    person.go("/inbox/")
    person.page.get_by_role("listitem").filter(has_text=AWARD).get_by_role("link").click()
    person.page.get_by_role("button", name=act).first.wait_for()


def put(keeper, name):
    keeper.button("列为", "正选", name).click()
    keeper.button("移出", name).wait_for()
