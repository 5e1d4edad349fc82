// header.cpp -- every public header compiles as C++
#include <wireroom/buf.h>
#include <wireroom/data.h>
#include <wireroom/log.h>
#include <wireroom/page.h>
#include <wireroom/stage.h>
#include <wireroom/transport.h>

int main() {
    return wr_str_eq(WR_STR("a"), WR_STR("a")) ? 0 : 1;
}
