# Every target installs what it needs and says why; running one again is quick.

.DEFAULT_GOAL := help
.PHONY: help run test bench soak pictures model

help: ## List these targets
	@echo "Kentongan: a village watch drum for election information."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "KENTONGAN_LISTEN (127.0.0.1:8080) and KENTONGAN_DATA (./data) move the server."

run: ## Serve the demonstration network, its posts replaying
	@scripts/run

test: ## Run everything that has to pass before a change lands
	@scripts/test

bench: ## Measure, and print the tables of docs/performance.md
	@scripts/setup bench
	@scripts/bench

soak: ## Kill the server 200 times under load, then fuzz what reads the world
	@scripts/setup bench
	@scripts/soak

model: ## Install the sentence model, which finds the same claim in other words
	@scripts/model

pictures: ## Take the pictures of docs/pictures anew
	@scripts/setup test
	@scripts/e2e pictures
