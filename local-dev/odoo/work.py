#!/usr/bin/env python3
"""Works in an Odoo like a busy office, over JSON-RPC: invoices are created, posted, edited, reset, cancelled and deleted.

    work.py URL DATABASE USER PASSWORD SECONDS [SEED]

Several clerks work at once, some in small steps, some in long ones. At the end it prints how often what was done.
"""

import collections
import json
import random
import sys
import threading
import time
import urllib.request

CLERKS = 3


class Refused(Exception):
    """Odoo does not allow that: another clerk was faster, or the invoice is in a state that forbids it."""


class Odoo:
    def __init__(self, url, database, user, password):
        self.url, self.database, self.password = url, database, password
        self.uid = self.rpc("common", "authenticate", [database, user, password, {}])
        if not self.uid:
            sys.exit("Odoo does not let %s in" % user)

    def rpc(self, service, method, args):
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {"service": service, "method": method, "args": args}}
        request = urllib.request.Request(
            self.url + "/jsonrpc", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=300) as answer:
            answer = json.load(answer)
        if "error" in answer:
            raise Refused(answer["error"].get("data", {}).get("name", "?"))
        return answer.get("result")

    def call(self, model, method, *args, **named):
        return self.rpc("object", "execute_kw", [self.database, self.uid, self.password, model, method, list(args), named])


class Clerk(threading.Thread):
    def __init__(self, odoo, seed, until, partners, products, done):
        super().__init__()
        self.odoo, self.random, self.until = odoo, random.Random(seed), until
        self.partners, self.products, self.done = partners, products, done

    def run(self):
        steps = [self.create] * 5 + [self.post] * 4 + [self.edit] * 4 + [self.reset] * 2 + [self.delete] * 2 + [
            self.cancel, self.rename, self.archive, self.post_many]
        while time.time() < self.until:
            step = self.random.choice(steps)
            try:
                step()
                self.done[step.__name__] += 1
            except Refused as refused:
                self.done["refused " + str(refused)] += 1

    def some(self, state, count=1):
        ids = self.odoo.call(
            "account.move", "search", [["ref", "=like", "WORK-%"], ["state", "=", state]], limit=200, order="id desc")
        return self.random.sample(ids, min(count, len(ids)))

    def create(self):
        self.odoo.call("account.move", "create", [{
            "move_type": self.random.choice(["out_invoice"] * 4 + ["in_invoice", "out_refund"]),
            "partner_id": self.random.choice(self.partners),
            "invoice_date": "2026-%02d-%02d" % (self.random.randint(1, 10), self.random.randint(1, 28)),
            "ref": "WORK-%012x" % self.random.getrandbits(48),
            "invoice_line_ids": [(0, 0, {
                "product_id": self.random.choice(self.products),
                "quantity": self.random.choice([1, 2, 0.5, 1.333]),
                "price_unit": round(self.random.uniform(1, 2000), self.random.choice([0, 2, 3])),
            }) for _ in range(self.random.randint(1, 4))],
        } for _ in range(self.random.choice([1, 1, 1, 8]))])

    def post(self):
        for move in self.some("draft"):
            self.odoo.call("account.move", "action_post", [move])

    def post_many(self):
        moves = self.some("draft", 25)
        if moves:
            self.odoo.call("account.move", "action_post", moves)

    def edit(self):
        for move in self.some("draft"):
            self.odoo.call("account.move", "write", [move], {"narration": "<p>%d</p>" % self.random.randint(1, 10 ** 9)})

    def reset(self):
        for move in self.some("posted"):
            self.odoo.call("account.move", "button_draft", [move])

    def cancel(self):
        for move in self.some("draft"):
            self.odoo.call("account.move", "button_cancel", [move])

    def delete(self):
        for move in self.some("draft"):
            self.odoo.call("account.move", "unlink", [move])

    def rename(self):
        self.odoo.call("res.partner", "write", [self.random.choice(self.partners)], {
            "name": "Ñandú \"%d\"\t'x'" % self.random.randint(1, 10 ** 6)})

    def archive(self):
        self.odoo.call("product.product", "write", [self.random.choice(self.products)], {
            "active": self.random.random() < 0.5})


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    url, database, user, password, seconds = sys.argv[1:6]
    seed = int(sys.argv[6]) if len(sys.argv) > 6 else time.time_ns()
    odoo = Odoo(url, database, user, password)
    partners = odoo.call("res.partner", "create", [{"name": "Worker %d" % i} for i in range(20)])
    products = odoo.call("product.product", "create", [
        {"name": "Thing %d" % i, "list_price": 10 + i / 7, "type": "consu"} for i in range(20)])
    done = collections.Counter()
    until = time.time() + float(seconds)
    clerks = [Clerk(odoo, seed + i, until, partners, products, done) for i in range(CLERKS)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    print("seed %d: %s" % (seed, ", ".join("%s %d" % item for item in sorted(done.items()))))


if __name__ == "__main__":
    main()
