/**
 * Does transfers on the buses of this computer: a program in Perl, for a bus of Linux is asked by ioctl(2), which Node
 * has not, and Perl is on every Debian. Transfers on its input, answers on its output, as transfer.ts says; what goes
 * wrong in words on its error output. Before the first answer one octet says that the devices are open.
 * docs/decisions/0021-buses.md
 *
 * What is read is a transfer of its own behind what is written, with a stop between, as these radios are driven. An SPI
 * device takes what is written to it as it is.
 */
export const HELPER = `
use strict;
my ($i2c, $spi) = @ARGV;
open(my $bus, '+<', $i2c) or die "Cannot open $i2c: $!\\n";
my $chip;
if (defined $spi) { open($chip, '+<', $spi) or die "Cannot open $spi: $!\\n" }
sub take {
  my ($count) = @_;
  my $octets = '';
  while (length($octets) < $count) {
    sysread(STDIN, $octets, $count - length($octets), length($octets)) or exit 0;
  }
  return $octets;
}
syswrite(STDOUT, "\\0");
sub is_whole { my ($moved, $count) = @_; return defined $moved && $moved == $count }
for (;;) {
  my ($tag, $address, $read, $length) = unpack('CCnn', take(6));
  my $octets = take($length);
  my ($answer, $done) = ('', 0);
  if ($address > 127) {
    $done = defined $chip && is_whole(syswrite($chip, $octets), $length);
  } else {
    # 0x0703 is I2C_SLAVE: whom read and write speak to.
    $done = ioctl($bus, 0x0703, $address + 0)
      && ($length == 0 || is_whole(syswrite($bus, $octets), $length))
      && ($read == 0 || is_whole(sysread($bus, $answer, $read), $read));
  }
  if (!$done) {
    $answer = '';
    syswrite(STDERR, sprintf("No transfer with %#04x: %s\\n", $address, $!));
  }
  $answer = pack('CCn', $tag, $done ? 0 : 1, length($answer)) . $answer;
  while (length($answer) > 0) {
    my $count = syswrite(STDOUT, $answer) or exit 1;
    substr($answer, 0, $count) = '';
  }
}
`
