// Tests without a framework.
#include "routes.hpp"

int main() { return asked() == "ada" ? 0 : 1; }
