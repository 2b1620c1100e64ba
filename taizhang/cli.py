"""The command line: ``taizhang figures|report|import|export|check|setup|serve|work|demo``.

Nothing here loads Django; a command that needs the ledger says so by importing ``commands``.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from taizhang import __version__
from taizhang.checker import command
from taizhang.engines.findings import Finding, Refused
from taizhang.verifier import offline
from taizhang.wording import say

KINDS = ["association", "society", "town", "department", "venue", "enterprise", "school", "other"]


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="taizhang",
        description="台账：只记一次，每个数都打得开。 Record once; every figure opens.",
    )
    top.add_argument("--version", action="version", version=f"taizhang {__version__}")
    top.add_argument(
        "--language",
        choices=["zh", "en"],
        default=os.environ.get("TAIZHANG_LANGUAGE", "zh"),
        help="输出的语言 language of the output (zh)",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    figures = commands.add_parser("figures", help="列出指标 list the figures of a unit and period")
    figures.add_argument("codes", nargs="*", metavar="CODE", help="指标代码 figure codes (all)")
    figures.add_argument("--json", action="store_true", help="JSON 输出")
    _unit_and_period(figures)

    report = commands.add_parser("report", help="生成报告 compile a report")
    report.add_argument("--outline", default="county-annual", help="提纲代码 outline code")
    report.add_argument(
        "-o", "--output", required=True, metavar="FILE", help=".docx / .pdf / .html"
    )
    _unit_and_period(report)

    take = commands.add_parser(
        "import", help="导入表格 import a table or a workbook for a whole year"
    )
    take.add_argument("file", metavar="FILE")
    take.add_argument("--register", metavar="R", help="台账代码，如 activities.activity")
    take.add_argument("--unit", metavar="CODE", help="没有单位列时归属的单位 owner unit")
    take.add_argument("--as", dest="actor", metavar="USER", help="以谁的名义 whose name it runs in")
    take.add_argument("--reason", default="", help="更正已核实记录的理由 reason for corrections")
    take.add_argument("--submit", action="store_true", help="导入后提交 submit the new rows")
    take.add_argument(
        "--returned",
        metavar="FILE",
        help="有误的行连同原因写入此文件 rows with errors and why (.xlsx)",
    )
    take.add_argument("--yes", action="store_true", help="不再询问 do not ask")

    blank = commands.add_parser("template", help="填报模板 a workbook to fill in (.xlsx)")
    blank.add_argument("registers", nargs="*", metavar="REGISTER", help="台账代码 registers (all)")
    blank.add_argument("-o", "--output", required=True, metavar="FILE", help=".xlsx")
    blank.add_argument("--as", dest="actor", metavar="USER", help="供谁填写 whom it is for")

    give = commands.add_parser("export", help="导出台账 export a register")
    give.add_argument("register", metavar="REGISTER")
    give.add_argument("-o", "--output", required=True, metavar="FILE", help=".xlsx / .csv / .json")
    give.add_argument("--query", default="", help="筛选条件，与列表地址相同 as in a list's address")

    proof = commands.add_parser(
        "check", help="核稿：数量、前后不一致、用语 check any report, no ledger needed"
    )
    command.options(proof)

    setup = commands.add_parser(
        "setup", help="建立台账 found a ledger with its first unit and account"
    )
    setup.add_argument("--code", required=True, help="单位代码 unit code")
    setup.add_argument("--name", required=True, help="单位名称 unit name")
    setup.add_argument("--kind", choices=KINDS, default="association")
    setup.add_argument("--user", required=True, help="第一个账号，任主管 first account, manager")

    user = commands.add_parser("user", help="新建账号 add an account")
    user.add_argument("name", metavar="USER")
    user.add_argument("--unit", required=True, metavar="CODE")
    user.add_argument(
        "--role", required=True, choices=["reader", "recorder", "verifier", "manager"]
    )
    user.add_argument("--display-name", default="")

    verify = commands.add_parser(
        "verify", help="核对封存的报告、记录证明；不给文件则核对历史 check what was sealed"
    )
    verify.add_argument("file", nargs="?", type=Path, metavar="FILE", help=".json")
    offline.options(verify)

    commands.add_parser("upgrade", help="升级数据库 bring the ledger up to date")

    serve = commands.add_parser("serve", help="启动服务 serve the pages")
    _address(serve)

    work = commands.add_parser("work", help="处理后台任务 do the long work that waits")
    work.add_argument("--once", action="store_true", help="做完等待的就结束 end when nothing waits")
    work.add_argument("--parent", type=int, default=0, help=argparse.SUPPRESS)

    demo = commands.add_parser("demo", help="演示 load the demo years, compile the report, serve")
    demo.add_argument("--output", default="demo-output", metavar="FOLDER")
    demo.add_argument("--no-serve", action="store_true", help="只生成，不启动服务")
    _address(demo)
    return top


def _unit_and_period(command: argparse.ArgumentParser) -> None:
    command.add_argument("--unit", required=True, metavar="CODE", help="单位代码 unit code")
    command.add_argument(
        "--period", required=True, help="时期 2021, 2021-H1, 2021-Q1, 2021-03, 2021-09-18"
    )


def _address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8000)
    command.add_argument("--workers", type=int, default=1)
    command.add_argument(
        "--lan",
        action="store_true",
        help="演示账号也对局域网开放 open demo accounts to the network",
    )
    command.add_argument(
        "--no-worker",
        action="store_true",
        help="不处理后台任务，另用 taizhang work leave the long work to taizhang work",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; a refusal is a sentence on stderr and exit code 2, never a traceback."""
    top = parser()
    asked = top.parse_args(arguments)
    if asked.command is None:
        top.print_help()
        return 0
    try:
        if asked.command == "check":
            return command.run(asked)
        from taizhang import commands

        return commands.run(asked)
    except Refused as refused:
        for finding in refused.findings:
            where = f"{finding.where}: " if finding.where else ""
            print(f"{where}{say(finding, asked.language)}", file=sys.stderr)
        return 2
    except OSError as error:
        said = {"path": str(error.filename or ""), "reason": error.strerror or str(error)}
        if error.errno == errno.ENOSPC:
            finding = Finding("document.disk-full", params=said)
        else:
            finding = Finding("command.system", params=said)
        print(say(finding, asked.language), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
