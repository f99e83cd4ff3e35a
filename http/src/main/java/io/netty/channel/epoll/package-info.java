/** What this module needs of Netty's epoll transport that is not public. */
@NullMarked
package io.netty.channel.epoll;

import org.jspecify.annotations.NullMarked;
